#pragma once
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/expected.hpp"
#include "model/job.hpp"
#include "partner_center/ask.hpp"

namespace offboard {

/// The access token of a run, one for all workers: renewed a while before it ends and after a 401. Keeps the
/// rotated refresh token before anything else is done with the answer. One owner.
class Session {
 public:
  explicit Session(const PartnerCenterSettings& settings) : settings_(settings) {}

  /// Is there a token that will last for the next requests?
  [[nodiscard]] bool is_signed_in(Instant now) const { return token_ != nullptr && now < renew_at_; }

  [[nodiscard]] std::shared_ptr<const AccessToken> token() const { return token_; }

  /// The request that gets the next token. Reads the credentials each time, because another program may have
  /// renewed them. The failure is a sentence for the operator.
  [[nodiscard]] Expected<Ask, std::string> sign_in() const;

  /// Takes the answer to a sign-in that was made with `credentials` at `sent_at`. Throws MachineTrouble if
  /// the new refresh token cannot be kept.
  void accept(const Tokens& tokens, const Credentials& credentials, Instant sent_at, Instant now);

  /// A request with this token got a 401. An older token than the present one changes nothing.
  void refuse(int generation);

 private:
  const PartnerCenterSettings& settings_;
  std::shared_ptr<const AccessToken> token_;
  Instant renew_at_{};
  int generation_ = 0;
  std::vector<Secret> secrets_;  // all that this run has seen
};

}  // namespace offboard
