#include "partner_center/classify.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace offboard {
namespace {

/// Codes whose documented text asks to come back later (Partner Center REST error codes).
constexpr std::array<std::string_view, 11> k_later_codes = {"800060", "800064", "800082", "900101",
                                                            "900104", "900278", "800003", "800094",
                                                            "900135", "900192", "900225"};

bool says_no_relationship(int status, const ServiceError& error) {
  if (status != 400 && status != 403) return false;
  if (error.code == "20002" || error.code == "900159") return true;
  return error.code == "3000" && contains_ignoring_case(error.message, "relationship") &&
         contains_ignoring_case(error.message, "does not exist");
}

/// Refusals of the token, whoever the customer is (Partner Center REST error codes): no multi-factor
/// authentication, an application without a person, insufficient privileges, Conditional Access.
constexpr std::array<std::string_view, 4> k_token_codes = {"900421", "900329", "900308", "900309"};

bool refuses_the_token(int status, const ServiceError& error) {
  return status == 403 &&
         std::find(k_token_codes.begin(), k_token_codes.end(), error.code) != k_token_codes.end();
}

bool says_later(const ServiceError& error) {
  return error.retryable == Retryable::yes ||
         std::find(k_later_codes.begin(), k_later_codes.end(), error.code) != k_later_codes.end();
}

}  // namespace

Verdict classify(int status, const ServiceError& error) {
  if (status == 429) return Verdict::throttled;
  if (status == 401 || refuses_the_token(status, error)) return Verdict::unauthorized;
  if (status >= 300 && status < 400) return Verdict::refused;
  if (status == 408 || status < 300 || status >= 500 || error.is_garbled) return Verdict::unanswered;
  if (says_no_relationship(status, error)) return Verdict::no_relationship;
  if (says_later(error)) return Verdict::unanswered;
  return Verdict::refused;
}

Verdict classify_sign_in(int status, const ServiceError& error) {
  if (status == 429) return Verdict::throttled;
  if (status == 408 || status < 300 || status >= 500 || error.is_garbled) return Verdict::unanswered;
  // RFC 6749 and 8628 give these no status of their own.
  if (error.name == "temporarily_unavailable" || error.name == "server_error") return Verdict::unanswered;
  if (error.name == "authorization_pending") return Verdict::pending;
  if (error.name == "slow_down") return Verdict::slow_down;
  return Verdict::refused;
}

ServiceHealth health_behind(int status) {
  return status == 408 || status >= 500 ? ServiceHealth::down : ServiceHealth::up;
}

}  // namespace offboard
