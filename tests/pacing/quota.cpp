#include "quota.hpp"

#include <algorithm>
#include <cmath>

namespace offboard::test {
namespace {
constexpr milliseconds k_window = std::chrono::minutes(1);
}

std::optional<milliseconds> Quota::call(Instant now) {
  if (!first_) first_ = filled_at_ = now;
  const auto wait = kind_ == QuotaKind::fixed_window   ? wait_in_window(now)
                    : kind_ == QuotaKind::token_bucket ? wait_for_token(now)
                                                       : wait_for_place(now);
  const bool is_refused = wait > milliseconds(0);
  if (kind_ == QuotaKind::sliding_window) calls_.push_back(now);
  if (is_refused) return wait;
  ++taken_;
  tokens_ -= 1;
  return std::nullopt;
}

std::int64_t Quota::left(Instant now) {
  switch (kind_) {
    case QuotaKind::fixed_window:
      static_cast<void>(wait_in_window(now));
      return std::max(0, per_minute_ - taken_);
    case QuotaKind::token_bucket:
      static_cast<void>(wait_for_token(now));
      return static_cast<std::int64_t>(tokens_);
    case QuotaKind::sliding_window: break;
  }
  static_cast<void>(wait_for_place(now));
  return std::max<std::int64_t>(0, per_minute_ - static_cast<std::int64_t>(calls_.size()));
}

milliseconds Quota::until_all(Instant now) {
  switch (kind_) {
    case QuotaKind::fixed_window: return k_window - (now - *first_ + into_window_) % k_window;
    case QuotaKind::token_bucket:
      return milliseconds(std::llround(std::ceil((burst_ - tokens_) * 60000 / per_minute_)));
    case QuotaKind::sliding_window: break;
  }
  return calls_.empty() ? milliseconds(0) : calls_.back() + k_window - now;
}

milliseconds Quota::wait_in_window(Instant now) {
  const auto since = now - *first_ + into_window_;
  if (since / k_window != window_) {
    window_ = since / k_window;
    taken_ = 0;
  }
  return taken_ < per_minute_ ? milliseconds(0) : k_window - since % k_window;
}

milliseconds Quota::wait_for_token(Instant now) {
  const double per_ms = per_minute_ / 60000.0;
  tokens_ = std::min<double>(burst_, tokens_ + per_ms * static_cast<double>((now - filled_at_).count()));
  filled_at_ = now;
  if (tokens_ >= 1) return milliseconds(0);
  return milliseconds(std::max<std::int64_t>(1, std::llround(std::ceil((1 - tokens_) / per_ms))));
}

milliseconds Quota::wait_for_place(Instant now) {
  while (!calls_.empty() && now - calls_.front() >= k_window) calls_.pop_front();
  const auto limit = static_cast<std::size_t>(per_minute_);
  return calls_.size() < limit ? milliseconds(0) : calls_[calls_.size() - limit] + k_window - now;
}

}  // namespace offboard::test
