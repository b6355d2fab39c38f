#pragma once
#include <optional>
#include <variant>

#include "base/random.hpp"
#include "base/time.hpp"

namespace offboard {

/// When is a request that did not get its answer sent again? A pure function of what happened; the one retry
/// rule of the program.

struct RetryLimits {
  int max_attempts = 6;                             // sends of one request that may fail; a 429 uses none up
  milliseconds max_wait = std::chrono::minutes(5);  // longest single wait
};

/// Clocks here are read in whole milliseconds, rounded down; a wait must not come out short by that.
inline constexpr milliseconds k_rounding = milliseconds(1);

enum class Trouble {
  unanswered,  ///< uses up an attempt
  throttled    ///< uses up none: it was not processed
};

struct Again {
  milliseconds wait;
};
struct OutOfAttempts {};
struct WaitTooLong {
  milliseconds wait;  // what the server asks for
};
using NextTry = std::variant<Again, OutOfAttempts, WaitTooLong>;

/// `count` is how many times in a row this trouble has now met this request, from 1. Full-jitter exponential
/// backoff (a wait drawn evenly from zero to a doubling bound); with Retry-After it is that long at least,
/// and a repeated 429 adds the backoff on top, as the service's throttling guidance asks.
[[nodiscard]] NextTry next_try(Trouble trouble, int count, std::optional<milliseconds> retry_after,
                               const RetryLimits& limits, Random& random);

/// The wait without Retry-After.
[[nodiscard]] milliseconds full_jitter(int count, const RetryLimits& limits, Random& random);

}  // namespace offboard
