#include "run/session.hpp"

#include <algorithm>

#include "partner_center/credentials.hpp"

namespace offboard {
namespace {

/// Renewed this long before it ends, so that no request under way outlives its token.
constexpr milliseconds k_margin = std::chrono::minutes(2);

}  // namespace

Expected<Ask, std::string> Session::sign_in() const {
  auto credentials = load_credentials(settings_);
  if (!credentials) return failure(credentials.error());
  Ask ask;
  ask.what = What::sign_in;
  ask.credentials = std::make_shared<const Credentials>(std::move(*credentials));
  return ask;
}

void Session::accept(const Tokens& tokens, Instant sent_at) {
  if (tokens.refresh_token) store_refresh_token(settings_.refresh_token_file, *tokens.refresh_token);
  token_ = std::make_shared<const AccessToken>(AccessToken{tokens.access_token, ++generation_});
  const milliseconds lifetime = tokens.lifetime;
  renew_at_ = sent_at + lifetime - std::min(k_margin, lifetime / 4);
}

void Session::refuse(int generation) {
  if (token_ != nullptr && token_->generation == generation) token_.reset();
}

}  // namespace offboard
