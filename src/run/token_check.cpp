#include "run/token_check.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/guid.hpp"

namespace offboard {

std::string TokenCheck::look_at(const Secret& token) {
  claims_ = read_claims(token.reveal());
  auto text = description();
  if (text == told_) return "";
  told_ = text;
  return text;
}

std::string TokenCheck::identity() const {
  if (!claims_ || (claims_->user + claims_->application + claims_->tenant).empty()) return "";
  auto text = claims_->user.empty() ? std::string("somebody") : claims_->user;
  if (!claims_->application.empty()) text += " with the application " + claims_->application;
  if (!claims_->tenant.empty()) text += " to the tenant " + claims_->tenant;
  return text;
}

std::string TokenCheck::description() const {
  if (!claims_)
    return "signed in; the access token is opaque, so its tenant and multi-factor authentication could not "
           "be "
           "looked at";
  const auto who = identity();
  auto text = who.empty() ? std::string("signed in") : "signed in as " + who;
  if (!Guid::parse(settings_.tenant))
    text +=
        fmt::format("; partner_center.tenant is the domain {}, so whether that is the same was not compared",
                    settings_.tenant);
  return text;
}

MfaQuestion TokenCheck::question() const {
  const bool is_known = word_ != MfaWord::none || (claims_ && claims_->second_factor == SecondFactor::used);
  return is_known || is_silent_ ? MfaQuestion::none : MfaQuestion::asked;
}

void TokenCheck::hear(MfaWord word) {
  if (word == MfaWord::none) {
    is_silent_ = true;
  } else {
    word_ = word;
  }
}

std::string TokenCheck::objection_to_tenant() const {
  const auto wanted = Guid::parse(settings_.tenant);
  const bool can_tell = wanted && claims_ && !claims_->tenant.empty();
  if (!can_tell || Guid::parse(claims_->tenant) == wanted) return "";
  return fmt::format(
      "the access token is for the tenant {}, and partner_center.tenant is {}; somebody of that one has to "
      "sign "
      "in",
      claims_->tenant, settings_.tenant);
}

std::string TokenCheck::objection() const {
  if (auto objection = objection_to_tenant(); !objection.empty()) return objection;
  if (word_ == MfaWord::not_compliant) {
    return "Partner Center says that this sign-in was made without multi-factor authentication; sign in "
           "again, "
           "and use the second factor";
  }
  const bool is_shown =
      !claims_ || claims_->second_factor == SecondFactor::used || word_ == MfaWord::compliant;
  if (is_shown) return "";
  return "the access token does not say that multi-factor authentication was used (amr has no mfa), and "
         "Partner Center did not confirm it; sign in again, and use the second factor";
}

}  // namespace offboard
