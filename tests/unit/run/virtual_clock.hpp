#pragma once
#include <algorithm>

#include "base/clock.hpp"

namespace offboard::test {

/// A clock that stands still until somebody moves it. Both its times move together.
class VirtualClock final : public Clock {
 public:
  [[nodiscard]] UtcTime utc() const override { return k_first_utc + passed_; }
  [[nodiscard]] Instant now() const override { return k_first_instant + passed_; }

  void advance(milliseconds time) { passed_ += time; }
  /// Never back.
  void advance_to(Instant instant) { passed_ = std::max(passed_, milliseconds(instant - k_first_instant)); }
  /// Since the clock was made.
  [[nodiscard]] milliseconds passed() const { return passed_; }

 private:
  static constexpr UtcTime k_first_utc =
      std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) + std::chrono::hours(1);
  static constexpr Instant k_first_instant{std::chrono::hours(1000)};
  milliseconds passed_{0};
};

}  // namespace offboard::test
