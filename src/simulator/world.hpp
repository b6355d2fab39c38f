#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "simulator/fault_plan.hpp"
#include "simulator/sign_in.hpp"
#include "simulator/throttle.hpp"

namespace offboard::simulator {

/// A text of the service's answers: a client must cope with a key that is missing and with one that is null.
struct Field {
  enum class Presence { absent, null, given };
  Presence presence = Presence::absent;
  std::string text;
  [[nodiscard]] bool given() const { return presence == Presence::given; }
};

struct Subscription {
  std::string id;
  Field offer_id;
  Field offer_name;
  Field friendly_name;
  Field status;
  Field billing_type;
  Field unit_type;
  Field product_type;
  Field order_id;
  std::optional<bool> is_trial;
};

struct Entitlement {
  Field type;
  Field order_id;
  Field product_id;
  Field sku_id;
  Field reservation_type;
  int quantity = 1;
};

/// What reads say of a customer whose relationship is gone.
enum class AfterRemoval {
  forbidden,   // 403 with code 20002
  none_answer  // the customer with relationshipToPartner none; 403 for its collections
};

struct Customer {
  std::string id;  // in lower case
  Field company_name;
  Field domain;
  std::optional<std::vector<std::string>> custom_domains;
  Field relationship;  // `none`: removed before the story begins
  std::vector<Subscription> subscriptions;
  std::vector<Entitlement> entitlements;
  int announce_extra = 0;  // subscriptions announced and not delivered
  int announce_extra_entitlements = 0;
  std::optional<AfterRemoval> after_removal;  // instead of the world's
};

/// Which answers begin with a UTF-8 byte order mark.
struct Bom {
  bool reads = true;
  bool patch = false;
};

/// How the address of the next page is written.
enum class NextLinkForm {
  plain,         // /customers/…
  v1,            // /v1/customers/…
  absolute,      // with this host
  foreign_host,  // with a host that a client must not send its token to
  loop,          // page 2 names itself
  path_of_other_customer
};

enum class Blockers { enforced, let_through };
enum class TotalCount { given, omitted };
enum class SoftwareEntitlements { block, do_not_block };

/// The list of all customers.
struct CustomerListing {
  bool offered = true;  // otherwise its address is not known
  std::size_t most_on_a_page = 500;
  bool names_relationship = true;
};

struct World {
  std::uint64_t seed = 1;
  SignInRules sign_in;
  Bom bom;
  AfterRemoval after_removal = AfterRemoval::forbidden;
  Blockers blockers = Blockers::enforced;
  SoftwareEntitlements software = SoftwareEntitlements::block;
  milliseconds removal_lag{0};
  milliseconds latency{0};
  milliseconds latency_jitter{0};
  std::size_t page_size = 0;  // 0: everything on one page
  NextLinkForm next_link_form = NextLinkForm::plain;
  std::string foreign_host = "https://partner-center.invalid";
  TotalCount total_count = TotalCount::given;
  CustomerListing listing;
  std::vector<ThrottleRule> throttles;
  std::vector<FaultRule> faults;
  std::vector<Customer> customers;
};

/// A world that cannot be read. The message is `FILE:LINE:COLUMN: what is wrong`.
class WorldTrouble : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// YAML or JSON, which YAML contains. Unknown and doubled keys, wrong types and doubled customers are refused
/// with WorldTrouble.
[[nodiscard]] World load_world(const std::filesystem::path& file);
[[nodiscard]] World parse_world(const std::string& text, const std::string& name);

}  // namespace offboard::simulator
