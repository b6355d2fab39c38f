#pragma once
#include <array>
#include <cstdint>

#include "base/clock.hpp"

namespace offboard {

/// How many requests left in the last minute, and how many of them were refused, in steps of a tenth of a
/// second: what limiters count. Fixed size. One owner; told the time by it.
class LastMinute {
 public:
  static constexpr milliseconds k_span = std::chrono::minutes(1);
  static constexpr milliseconds k_step = milliseconds(100);

  void sent(Instant at);
  /// The request that left then. Forgotten if that is long ago.
  void refused(Instant sent_at);

  /// That left in (from, to], to the step.
  [[nodiscard]] int all(Instant from, Instant to) const;
  /// Likewise, and have not been refused.
  [[nodiscard]] int accepted(Instant from, Instant to) const;

 private:
  static constexpr std::size_t k_steps = k_span / k_step + 20;
  struct Step {
    std::int64_t number = -1;
    int sent = 0;
    int refused = 0;
  };
  [[nodiscard]] static std::int64_t number_of(Instant at) { return at.time_since_epoch() / k_step; }
  template <typename Count>
  [[nodiscard]] int sum(Instant from, Instant to, Count count) const;

  std::array<Step, k_steps> steps_{};
};

}  // namespace offboard
