#include "run/known_rate.hpp"

#include <cmath>

namespace offboard {
namespace {

/// Limits are dynamic, says the service's throttling guidance; how often they change it does not say.
constexpr std::chrono::days k_old(3);

}  // namespace

std::optional<KnownRate> known_rate(const std::optional<PaceRecord>& record, UtcTime now) {
  if (!record) return std::nullopt;
  KnownRate known;
  known.per_minute = static_cast<double>(record->per_hour) / 60;
  known.trial_after = now - record->learned_at > k_old ? 0 : static_cast<double>(record->trial_after);
  known.is_of_windows = record->is_of_windows;
  return known;
}

PaceRecord pace_record(const KnownRate& known, UtcTime now) {
  return {std::llround(known.per_minute * 60), std::llround(known.trial_after), known.is_of_windows, now};
}

}  // namespace offboard
