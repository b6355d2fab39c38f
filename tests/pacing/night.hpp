#pragma once
#include <optional>

#include "pace/pacer.hpp"
#include "quota.hpp"

namespace offboard::test {

enum class Event {
  none,
  halves,  ///< the quota halves at half-time
  shared   ///< a second client takes a third of it, evenly, all the time
};

struct Setting {
  QuotaKind kind = QuotaKind::fixed_window;
  Event event = Event::none;
  int workers = 16;
  milliseconds round_trip = milliseconds(130);
  bool whole_seconds = true;  // Retry-After, rounded up
  milliseconds into_window = milliseconds(0);
  int per_minute = 600;
  int burst = 20;             // of a bucket
  bool is_announced = false;  // by RateLimit headers, in whole seconds
};

struct Outcome {
  int accepted = 0;
  int refused = 0;
  std::optional<KnownRate> known;
};

inline constexpr milliseconds k_night = std::chrono::minutes(30);

/// Half an hour of work without end for the program's own gate and pacer, in virtual time.
[[nodiscard]] Outcome play(const Setting& setting, std::optional<KnownRate> known);

/// The same for a client that knows the quota, uses all of it evenly, and lacks but the moment at which it
/// halves: it hears of that by a refusal, and then knows everything again.
[[nodiscard]] Outcome play_knowing(const Setting& setting);

/// What was to be had: the quota, and no more than the workers can carry; the burst counted, an unfinished
/// window by its share, less what the second client asks for.
[[nodiscard]] double to_be_had(const Setting& setting);

}  // namespace offboard::test
