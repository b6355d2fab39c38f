#pragma once
#include <optional>

#include "base/time.hpp"
#include "ledger/ledger.hpp"
#include "pace/pacer.hpp"

namespace offboard {

/// What an earlier run learned, as this run's start. After some days it is tried soon whether there is more.
[[nodiscard]] std::optional<KnownRate> known_rate(const std::optional<PaceRecord>& record, UtcTime now);

[[nodiscard]] PaceRecord pace_record(const KnownRate& known, UtcTime now);

}  // namespace offboard
