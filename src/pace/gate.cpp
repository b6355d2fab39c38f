#include "pace/gate.hpp"

#include <algorithm>

namespace offboard {

void Gate::close_until(Instant until) {
  opens_at_ = std::max(opens_at_, until);
}

void Gate::throttled(const std::string& customer, Instant until, Instant now) {
  recent_[customer] = {now, until};
  for (auto it = recent_.begin(); it != recent_.end();) {
    it = now - it->second.at > k_short_time ? recent_.erase(it) : std::next(it);
  }
  close_for_several(false);
  close_for_several(true);
}

void Gate::close_for_several(bool long_waits) {
  std::size_t customers = 0;
  Instant latest{};
  for (const auto& [name, refusal] : recent_) {
    const bool is_long = refusal.until - refusal.at > long_wait_;
    if (is_long != long_waits) continue;
    ++customers;
    latest = std::max(latest, refusal.until);
  }
  if (customers >= k_several) close_until(latest);
}

}  // namespace offboard
