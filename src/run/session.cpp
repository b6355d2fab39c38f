#include "run/session.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/defect.hpp"
#include "base/file.hpp"
#include "partner_center/credentials.hpp"

namespace offboard {
namespace {

/// Renewed this long before it ends, so that no request under way outlives its token.
constexpr milliseconds k_margin = std::chrono::minutes(2);

constexpr milliseconds k_shortest_use = seconds(1);

/// In the lock's file from before a sign-in is sent until its answer is known.
constexpr std::string_view k_mark = "a sign-in was sent, and its answer is not known\n";

bool may_have_used_token(const Reply& reply) {
  return reply.sending == Sending::sent && reply.verdict == Verdict::unanswered;
}

}  // namespace

bool Session::take_turn() {
  if (turn_) return true;
  auto lock = FileLock::take(settings_.refresh_token_file);
  if (lock) {
    turn_.emplace(std::move(*lock));
    return true;
  }
  if (lock.error().kind == LockTroubleKind::other) throw MachineTrouble(lock.error().message);
  return lock.error().kind == LockTroubleKind::no_place;
}

Expected<Ask, std::string> Session::sign_in() {
  auto credentials = load_credentials(settings_);
  if (!credentials) {
    turn_.reset();
    return failure(credentials.error());
  }
  lost_answer_at_ = lost_answer_at();
  if (turn_ && !lost_answer_at_) turn_->mark(k_mark);
  Ask ask;
  ask.what = What::sign_in;
  ask.credentials = std::make_shared<const Credentials>(std::move(*credentials));
  return ask;
}

void Session::accept(const Tokens& tokens, const Credentials& credentials, Instant sent_at, Instant now) {
  if (tokens.refresh_token) store_refresh_token(settings_.refresh_token_file, *tokens.refresh_token);
  if (turn_) turn_->unmark();
  turn_.reset();
  secrets_.push_back(tokens.access_token);
  secrets_.push_back(credentials.refresh_token);
  if (credentials.client_secret) secrets_.push_back(*credentials.client_secret);
  if (tokens.refresh_token) secrets_.push_back(*tokens.refresh_token);
  AccessToken token{tokens.access_token, ++generation_, secrets_};
  token_ = std::make_shared<const AccessToken>(std::move(token));
  const milliseconds lifetime = tokens.lifetime;
  // However short it lives, it is tried: a token renewed before its first request would be renewed for ever.
  renew_at_ = std::max(sent_at + lifetime - std::min(k_margin, lifetime / 4), now + k_shortest_use);
}

void Session::give_up_turn(const Reply& reply) {
  if (turn_ && !lost_answer_at_ && !may_have_used_token(reply)) turn_->unmark();
  turn_.reset();
}

std::string Session::why_refused(const Reply& reply) const {
  const auto& said = reply.evidence.message;
  if (!reply.refuses_grant || !lost_answer_at_) return said;
  return fmt::format(
      "{}; the answer to a sign-in of {} with this refresh token never arrived (its program was killed, or "
      "the network broke), so the service may have replaced the token then",
      said, iso_text(*lost_answer_at_));
}

/// A mark older than the token is about another one.
std::optional<UtcTime> Session::lost_answer_at() const {
  const auto marked_at = turn_ ? turn_->marked_at() : std::nullopt;
  const auto stored_at = written_at(settings_.refresh_token_file);
  return marked_at && stored_at && *stored_at < *marked_at ? marked_at : std::nullopt;
}

bool Session::has_another_token_than(const Credentials& credentials) const {
  const auto now = load_refresh_token(settings_.refresh_token_file);
  return now && now->reveal() != credentials.refresh_token.reveal();
}

void Session::refuse(int generation) {
  if (token_ != nullptr && token_->generation == generation) token_.reset();
}

}  // namespace offboard
