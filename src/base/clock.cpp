#include "base/clock.hpp"

#include <time.h>

namespace offboard {

UtcTime SystemClock::utc() const {
  return std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
}

/// Goes on while the machine is suspended: facts read before a night's sleep are not fresh after it.
Instant SystemClock::now() const {
  timespec time{};
  ::clock_gettime(CLOCK_BOOTTIME, &time);
  return Instant(
      std::chrono::floor<milliseconds>(seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec)));
}

}  // namespace offboard
