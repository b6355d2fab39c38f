#pragma once
#include <optional>

#include "base/time.hpp"
#include "http/transport.hpp"

namespace offboard {

/// How long the server asks us to stay away: Retry-After in seconds or as a date (RFC 9110 10.2.3). A date is
/// taken against the answer's own Date header if it has one, since the two clocks may differ, else against
/// `now`. A date in the past is zero; of several, the longest counts. Nothing if the header is absent or
/// cannot be read. At most k_longest_retry_after.
[[nodiscard]] std::optional<milliseconds> retry_after(const HttpAnswer& answer, UtcTime now);

/// Longer than any wait a job may allow; only so that sums of times cannot overflow.
inline constexpr milliseconds k_longest_retry_after = std::chrono::hours(24 * 366);

}  // namespace offboard
