#pragma once
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <variant>

#include "base/clock.hpp"
#include "ledger/ledger.hpp"
#include "model/facts.hpp"
#include "pace/retry.hpp"
#include "partner_center/ask.hpp"

namespace offboard {

/// One tenant's way through a run: which request comes next, and what an answer means for it. Pure: it sends
/// nothing, waits for nothing and writes nothing; the runner does.

enum class Step { read_customer, read_subscriptions, read_entitlements, remove, read_back };

// What is to be done after an answer.
struct ReadOn {};      ///< another request follows at once
struct Settle {};      ///< the facts are complete: decide
struct LookAtSide {};  ///< those of the one side that was to be read are
struct Gone {          ///< the service says that there is no relationship (any more)
  std::string_view reason;
};
struct Fail {};        ///< a definite no
struct SignInAnew {};  ///< the token was not accepted; the request has not been processed
struct SignedOut {};   ///< nor was the next one
struct WaitAndRetry {
  Trouble trouble = Trouble::unanswered;
  int count = 1;  // in a row, of this trouble for this request
};
struct ReadBack {  ///< a PATCH without a certain answer: look before anything else
  int count = 1;
};
using Progress =
    std::variant<ReadOn, Settle, LookAtSide, Gone, Fail, SignInAnew, SignedOut, WaitAndRetry, ReadBack>;

class Journey {
 public:
  /// With `only`: that side is read first, and nothing else until read_the_rest().
  explicit Journey(Work work, std::optional<Side> only = std::nullopt);

  /// The next read. Not for Step::remove, whose ids are the ledger's. Marks the age of the facts.
  [[nodiscard]] Ask next_read(const Guid& request_id, const Guid& correlation_id, Instant now);

  /// What the next request asks for, or the one that is out.
  [[nodiscard]] What what() const;

  /// Moves on by an answer to the last request.
  [[nodiscard]] Progress take(Reply& reply);

  /// Reads everything anew: the facts have become too old.
  void start_over();

  /// The customer stood on the service's list, asked for at that time, and need not be read.
  void take_listed_customer(Customer customer, Instant asked_at);

  /// Is the customer known from the service's list only?
  [[nodiscard]] bool is_known_from_list() const { return is_known_from_list_; }

  /// Reads the customer, and nothing else, anew.
  void read_customer_again();

  [[nodiscard]] bool collections_within(milliseconds age, Instant now) const {
    return collections_read_since_ && now - *collections_read_since_ <= age;
  }

  /// The one side did not suffice: goes on to the others.
  void read_the_rest();

  [[nodiscard]] bool has_read_everything() const { return in_hand_.size() == k_all_sides.size(); }

  /// When the first of the requests behind the facts was sent: no fact is older than this.
  [[nodiscard]] Instant facts_since() const;

  [[nodiscard]] bool facts_within(milliseconds age, Instant now) const { return now - facts_since() <= age; }

  Work work;
  Step step = Step::read_customer;
  Facts facts;
  std::optional<Side> only;
  std::string terms;            // what is decided on beside the facts (terms_of)
  Instant not_before{};         // no request for this tenant earlier
  int removals_unanswered = 0;  // in this run
  int restarts = 0;             // in this run
  bool begun = false;           // its PATCH was begun in this run
  bool is_out = false;          // a request of it is with the workers
  int troubles = 0;             // requests without an answer since the last one with
  Evidence last_trouble;        // of the last of these
  std::optional<Wait> wait;     // the service's last word about this tenant was to leave it alone

 private:
  [[nodiscard]] Progress take_content(Reply& reply);
  [[nodiscard]] Progress take_customer(Customer& customer);
  template <typename Page, typename Item>
  [[nodiscard]] bool take_page(Page& page, Collection<Item>& collection);
  [[nodiscard]] Progress take_unanswered();
  void begin_collection();
  void go_to_next_side();
  [[nodiscard]] Progress complete(Side side);

  std::set<Side> in_hand_;  // read completely in this turn
  bool is_known_from_list_ = false;
  std::optional<Instant> customer_read_at_;
  std::optional<Instant> collections_read_since_;
  std::optional<PageLink> page_;
  std::set<std::string> seen_pages_;
  std::int64_t announced_ = 0;
  int unanswered_ = 0;
  int throttled_ = 0;
  bool signed_in_anew_ = false;
};

}  // namespace offboard
