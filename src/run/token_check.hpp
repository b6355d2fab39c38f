#pragma once
#include <optional>
#include <string>

#include "model/job.hpp"
#include "partner_center/ask.hpp"
#include "partner_center/claims.hpp"

namespace offboard {

/// Whose access token this is, and whether anything speaks against removing relationships with it: what the
/// token claims, and what the service says when it is asked. A token that says nothing is let pass; the
/// service will refuse it where it must.
class TokenCheck {
 public:
  explicit TokenCheck(const PartnerCenterSettings& settings) : settings_(settings) {}

  /// Looks at the token of a new sign-in. What to tell the operator, who signed in above all; empty if
  /// nothing is new since the last one.
  [[nodiscard]] std::string look_at(const Secret& token);

  /// Who has signed in, with which application, to which tenant; empty if the token does not say.
  [[nodiscard]] std::string identity() const;

  /// Should the next look at a customer ask the service about multi-factor authentication?
  [[nodiscard]] MfaQuestion question() const;

  /// The service's word on an answer about a customer.
  void hear(MfaWord word);

  /// Why no removal may be sent with this token, for the operator; empty if nothing speaks against it.
  [[nodiscard]] std::string objection() const;

  /// The part of it that no word of the service can change.
  [[nodiscard]] std::string objection_to_tenant() const;

 private:
  [[nodiscard]] std::string description() const;

  const PartnerCenterSettings& settings_;
  std::optional<Claims> claims_;
  std::string told_;
  MfaWord word_ = MfaWord::none;
  bool is_silent_ = false;  // the service was asked and did not say
};

}  // namespace offboard
