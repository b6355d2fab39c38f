#include "pace/allowance.hpp"

#include <algorithm>

namespace offboard {
namespace {

/// Resets are told in whole seconds.
constexpr milliseconds k_same_end = seconds(2);

}  // namespace

bool Allowance::hear(std::int64_t left, milliseconds reset, Instant sent_at, Instant now) {
  // However long the answer took, the end lies between sent_at + reset and now + reset.
  const bool has_moved = sent_at + reset > end_ + k_same_end;
  if (has_moved && now < end_ - k_same_end) is_countdown_ = false;
  if (has_moved || now >= end_) {
    end_ = now + reset;
    left_ = left;
    falls_ = 0;
    return false;
  }
  end_ = std::min(end_, now + reset);
  if (left >= left_) return false;  // overtaken by a later answer
  left_ = left;
  ++falls_;
  holds_until_ = std::min(end_, now + longest_hold_);
  return left_ == 0 && is_believed(now);
}

bool Allowance::is_believed(Instant now) const {
  return is_countdown_ && falls_ >= k_convincing && now < holds_until_;
}

Instant Allowance::next_at(Instant now, std::size_t in_flight) const {
  return is_believed(now) && static_cast<std::int64_t>(in_flight) >= left_ ? holds_until_ : now;
}

}  // namespace offboard
