#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/expected.hpp"
#include "base/file_lock.hpp"
#include "model/job.hpp"
#include "partner_center/ask.hpp"

namespace offboard {

/// How often to look whether another program on the same refresh token is done with its sign-in.
inline constexpr milliseconds k_look_for_turn = milliseconds(200);

/// The access token of a run, one for all workers: renewed a while before it ends and after a 401. Keeps the
/// rotated refresh token before anything else is done with the answer. One owner.
class Session {
 public:
  explicit Session(const PartnerCenterSettings& settings) : settings_(settings) {}

  /// Is there a token that will last for the next requests?
  [[nodiscard]] bool is_signed_in(Instant now) const { return token_ != nullptr && now < renew_at_; }

  [[nodiscard]] std::shared_ptr<const AccessToken> token() const { return token_; }

  /// A refresh token may be good only once: from reading it until what came for it is stored, other programs
  /// on the same file are kept away. False: one of them is at it. Where the file's folder cannot be written
  /// to, nothing can be stored either, and no lock is needed. Throws MachineTrouble if there is no lock to be
  /// had for another reason.
  [[nodiscard]] bool take_turn();

  /// The request that gets the next token; take_turn() comes first. Reads the credentials each time, because
  /// another program may have renewed them. The failure is a sentence for the operator, and ends the turn.
  [[nodiscard]] Expected<Ask, std::string> sign_in();

  /// Takes the answer to a sign-in that was made with `credentials` at `sent_at`, and ends the turn. Throws
  /// MachineTrouble if the new refresh token cannot be kept.
  void accept(const Tokens& tokens, const Credentials& credentials, Instant sent_at, Instant now);

  /// No tokens came: ends the turn.
  void give_up_turn(const Reply& reply);

  /// The service's words on a refused sign-in; and if an earlier one with the same refresh token, of this
  /// program or another, never got its answer, that the token may have been replaced then.
  [[nodiscard]] std::string why_refused(const Reply& reply) const;

  /// Has somebody put another refresh token into the file since `credentials` were read there?
  [[nodiscard]] bool has_another_token_than(const Credentials& credentials) const;

  /// A request with this token got a 401. An older token than the present one changes nothing.
  void refuse(int generation);

 private:
  [[nodiscard]] std::optional<UtcTime> lost_answer_at() const;

  const PartnerCenterSettings& settings_;
  std::shared_ptr<const AccessToken> token_;
  Instant renew_at_{};
  int generation_ = 0;
  std::vector<Secret> secrets_;  // all that this run has seen
  std::optional<FileLock> turn_;
  std::optional<UtcTime> lost_answer_at_;  // as the last sign_in() found it
};

}  // namespace offboard
