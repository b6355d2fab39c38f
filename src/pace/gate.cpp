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
  if (recent_.size() < k_several) return;
  for (const auto& [name, refusal] : recent_) close_until(refusal.until);
}

}  // namespace offboard
