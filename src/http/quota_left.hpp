#pragma once
#include <cstdint>
#include <optional>

#include "base/time.hpp"
#include "http/transport.hpp"

namespace offboard {

/// What a server says it will still let through.
struct QuotaLeft {
  std::int64_t requests = 0;
  milliseconds until_more{};  // until all of the quota is to be had again

  friend bool operator==(const QuotaLeft&, const QuotaLeft&) = default;
};

/// Read from `RateLimit` as the drafts of the IETF have had it (draft-ietf-httpapi-ratelimit-headers:
/// `"a";r=5;t=9` now, `limit=9, remaining=5, reset=9` in -07) and from the pairs `RateLimit-Remaining` and
/// `-Reset`, `X-RateLimit-…`, `X-Rate-Limit-…`. A reset is in seconds, or a moment in seconds or milliseconds
/// since 1970, as many services have it, taken against the answer's own Date or else `now`. Of several quotas
/// the one of which least is left counts. Whatever cannot be read, is negative, or says only half of it, is
/// as if it were not there. At most k_longest_retry_after.
[[nodiscard]] std::optional<QuotaLeft> quota_left(const HttpAnswer& answer, UtcTime now);

}  // namespace offboard
