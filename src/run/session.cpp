#include "run/session.hpp"

#include <algorithm>

#include "base/defect.hpp"
#include "partner_center/credentials.hpp"

namespace offboard {
namespace {

/// Renewed this long before it ends, so that no request under way outlives its token.
constexpr milliseconds k_margin = std::chrono::minutes(2);

constexpr milliseconds k_shortest_use = seconds(1);

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
    end_turn();
    return failure(credentials.error());
  }
  Ask ask;
  ask.what = What::sign_in;
  ask.credentials = std::make_shared<const Credentials>(std::move(*credentials));
  return ask;
}

void Session::accept(const Tokens& tokens, const Credentials& credentials, Instant sent_at, Instant now) {
  if (tokens.refresh_token) store_refresh_token(settings_.refresh_token_file, *tokens.refresh_token);
  end_turn();
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

bool Session::has_another_token_than(const Credentials& credentials) const {
  const auto now = load_refresh_token(settings_.refresh_token_file);
  return now && now->reveal() != credentials.refresh_token.reveal();
}

void Session::refuse(int generation) {
  if (token_ != nullptr && token_->generation == generation) token_.reset();
}

}  // namespace offboard
