#include "base/clock.hpp"

namespace offboard {

UtcTime SystemClock::utc() const {
  return std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
}

Instant SystemClock::now() const {
  return std::chrono::floor<milliseconds>(std::chrono::steady_clock::now());
}

}  // namespace offboard
