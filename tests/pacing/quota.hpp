#pragma once
#include <deque>
#include <optional>

#include "base/clock.hpp"

namespace offboard::test {

enum class QuotaKind {
  fixed_window,   ///< so many in each minute
  token_bucket,   ///< a burst, refilled evenly
  sliding_window  ///< so many in any minute, refused calls counted
};

/// A service's limit on calls, as the service keeps it.
class Quota {
 public:
  /// `into_window`: how old the first fixed window is at the first call. `burst`: what a bucket saves up.
  Quota(QuotaKind kind, int per_minute, milliseconds into_window, int burst)
      : kind_(kind), per_minute_(per_minute), into_window_(into_window), burst_(burst), tokens_(burst) {}

  /// Counts a call at `now`. If it is refused: after how long the next would be let through.
  [[nodiscard]] std::optional<milliseconds> call(Instant now);

  void halve() { per_minute_ /= 2; }

  /// What RateLimit headers would say: how many more would be let through now, and after how long all would
  /// be.
  [[nodiscard]] std::int64_t left(Instant now);
  [[nodiscard]] milliseconds until_all(Instant now);

 private:
  [[nodiscard]] milliseconds wait_in_window(Instant now);
  [[nodiscard]] milliseconds wait_for_token(Instant now);
  [[nodiscard]] milliseconds wait_for_place(Instant now);

  QuotaKind kind_;
  int per_minute_;
  milliseconds into_window_;
  int burst_;
  std::optional<Instant> first_;
  std::int64_t window_ = -1;
  int taken_ = 0;
  double tokens_;
  Instant filled_at_{};
  std::deque<Instant> calls_;
};

}  // namespace offboard::test
