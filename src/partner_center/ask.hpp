#pragma once
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/guid.hpp"
#include "base/secret.hpp"
#include "http/quota_left.hpp"
#include "http/transport.hpp"
#include "model/facts.hpp"
#include "model/transition.hpp"

namespace offboard {

/// One request to the service in the field's words, and its answer. An Ask is sent once; whether and when it
/// is sent again is the runner's decision.

enum class What {
  sign_in,       ///< a new access token for a refresh token
  device_code,   ///< begins a person's sign-in (RFC 8628)
  device_token,  ///< asks whether that person has signed in
  customers,     ///< the list of all of them
  customer,
  subscriptions,
  entitlements,
  removal,
  invitation
};

/// For messages.
[[nodiscard]] std::string_view name_of(What what);

/// Goes to the sign-in service, without an access token.
[[nodiscard]] bool is_sign_in(What what);

/// The page after this one, as the service named it and after it was found to lead nowhere else.
struct PageLink {
  std::string url;
  std::vector<Header> headers;  // the continuation token travels here

  [[nodiscard]] std::string identity() const;  // equal for links that ask for the same page
};

/// The private key of the application's certificate.
struct ClientKey {
  std::string thumbprint;  // of the certificate: SHA-256, base64url
  Secret pem;
};

/// What a sign-in is made with.
struct Credentials {
  Secret refresh_token;  // for sign_in
  Secret device_code;    // for device_token
  std::optional<Secret> client_secret;
  std::optional<ClientKey> client_key;
  std::optional<Secret> client_assertion;  // made with the key for one request (Client::perform)
};

struct AccessToken {
  Secret text;
  int generation = 0;  // counts sign-ins, so that a 401 for an old token is not held against a new one
  /// All that went to or came from the sign-in service: no answer may carry these on either.
  std::vector<Secret> kin = {};
};

/// Whether the service is asked what it thinks of the token's multi-factor authentication, in passing.
enum class MfaQuestion { none, asked };

/// And what it says.
enum class MfaWord { none, compliant, not_compliant };

struct Ask {
  What what = What::customer;
  Guid tenant;                                     // the customer; empty for what is about none or all
  std::optional<PageLink> page;                    // absent: the first page
  Guid request_id;                                 // MS-RequestId: what makes a repeated PATCH the same PATCH
  Guid correlation_id;                             // MS-CorrelationId: what the service's audit records keep
  std::shared_ptr<const AccessToken> token;        // for the API
  std::shared_ptr<const Credentials> credentials;  // for the sign-in service
  std::optional<Instant> not_after;                // removal only: later than this it is not sent any more
  MfaQuestion mfa = MfaQuestion::none;
};

/// How an answer is read. Decided in one place, by status, code and text (contract, "How answers are read").
enum class Verdict {
  taken,         ///< 200 of the right shape; for a removal: it says "none"
  unanswered,    ///< whether and how the service acted is unknown: transport failure, 5xx, garbled, "later"
  throttled,     ///< 429: not processed
  unauthorized,  ///< 401: not processed
  no_relationship,  ///< the service says that the customer is not ours (any more)
  refused,          ///< a definite no
  pending,          ///< device_token: nobody has signed in yet
  slow_down,        ///< device_token: likewise, and to be asked less often
  withheld          ///< never sent: `not_after` had passed, or the run is asked to stop
};

enum class ServiceHealth { up, down };

enum class Sending {
  sent,       ///< or perhaps
  never_sent  ///< for certain: no connection was made
};

/// A customer as the list of all of them shows it, which is without its custom domains.
struct CustomerListItem {
  Guid tenant;
  Customer customer;
};

/// Only what can be read and does not contradict itself: the list is no reason to think anything of a
/// customer that is not on it.
struct CustomerPage {
  std::vector<CustomerListItem> items;
  std::optional<PageLink> next;
  std::string bad_next;  // as below
};

struct SubscriptionPage {
  std::vector<Subscription> items;
  std::optional<std::int64_t> announced;  // totalCount
  std::optional<PageLink> next;
  std::string bad_next;  // why the link to the next page cannot be followed; empty if there is none or it can
};

struct EntitlementPage {
  std::vector<Entitlement> items;
  std::optional<std::int64_t> announced;
  std::optional<PageLink> next;
  std::string bad_next;
};

struct Tokens {
  Secret access_token;
  seconds lifetime{0};
  std::optional<Secret> refresh_token;  // a reply without one leaves the old one in force
};

struct DeviceCode {
  Secret device_code;
  std::string user_code;         // what the person types
  std::string verification_uri;  // where
  seconds lifetime{0};
  seconds interval{5};  // between two questions whether it has happened
};

struct Invitation {
  std::string url;
};

using Content = std::variant<std::monostate, CustomerPage, Customer, SubscriptionPage, EntitlementPage,
                             Tokens, DeviceCode, Invitation>;

struct Reply {
  Verdict verdict = Verdict::unanswered;
  Evidence evidence;                        // the ids are the ones that were sent
  std::optional<milliseconds> retry_after;  // on any answer that carried one
  std::optional<QuotaLeft> quota_left;      // likewise, but for sign-ins
  ServiceHealth health = ServiceHealth::up;
  Sending sending = Sending::sent;
  MfaWord mfa = MfaWord::none;
  bool is_unusable = false;  // a sign-in's: what no sign-in service says; if that is all, time mends nothing
  bool refuses_grant = false;  // a sign-in's: the refresh token or the code itself is refused (RFC 6749)
  Content content;             // what was asked for, if the verdict is `taken`
};

}  // namespace offboard
