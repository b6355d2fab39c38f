#include "pace/retry.hpp"

#include <algorithm>

namespace offboard {
namespace {

constexpr milliseconds k_first_bound = milliseconds(500);
constexpr milliseconds k_largest_bound = std::chrono::minutes(1);

}  // namespace

milliseconds full_jitter(int count, const RetryLimits& limits, Random& random) {
  const auto doublings = std::clamp(count - 1, 0, 16);
  const auto bound = std::min({k_first_bound * (1 << doublings), k_largest_bound, limits.max_wait});
  return random.up_to(bound);
}

NextTry next_try(Trouble trouble, int count, std::optional<milliseconds> retry_after,
                 const RetryLimits& limits, Random& random) {
  if (trouble == Trouble::unanswered && count >= limits.max_attempts) return OutOfAttempts{};
  if (!retry_after) return Again{full_jitter(count, limits, random)};
  if (*retry_after > limits.max_wait) return WaitTooLong{*retry_after};
  // After the first refusal the server's word is enough; a further one shows that it was not.
  const auto jitter = count > 1 ? full_jitter(count - 1, limits, random) : milliseconds(0);
  const auto extra = std::min(jitter, limits.max_wait - *retry_after);
  return Again{*retry_after + k_rounding + extra};
}

}  // namespace offboard
