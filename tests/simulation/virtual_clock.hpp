#pragma once
#include <algorithm>

#include "base/clock.hpp"

namespace offboard::test {

/// A clock that stands still until somebody moves it. What it says is the time of day may be wrong, and may
/// jump; what waits are measured on never does.
class VirtualClock final : public Clock {
 public:
  [[nodiscard]] UtcTime utc() const override { return true_utc() + wrong_by_; }
  [[nodiscard]] Instant now() const override { return k_first_instant + passed_; }
  /// What other machines' clocks say.
  [[nodiscard]] UtcTime true_utc() const { return k_first_utc + passed_; }

  void advance(milliseconds time) { passed_ += time; }
  /// Never back.
  void advance_to(Instant instant) { passed_ = std::max(passed_, milliseconds(instant - k_first_instant)); }
  /// Since the clock was made.
  [[nodiscard]] milliseconds passed() const { return passed_; }
  /// Sets the time of day, so far ahead of the truth, or behind.
  void be_wrong_by(milliseconds time) { wrong_by_ = time; }
  [[nodiscard]] milliseconds wrong_by() const { return wrong_by_; }

 private:
  static constexpr UtcTime k_first_utc =
      std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) + std::chrono::hours(1);
  static constexpr Instant k_first_instant{std::chrono::hours(1000)};
  milliseconds passed_{0};
  milliseconds wrong_by_{0};
};

}  // namespace offboard::test
