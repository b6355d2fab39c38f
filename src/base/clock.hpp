#pragma once
#include <chrono>

#include "base/time.hpp"

namespace offboard {

/// A point on a clock that never jumps. Waits, ages and deadlines are measured on it; it means nothing
/// outside this process.
using Instant = std::chrono::time_point<std::chrono::steady_clock, milliseconds>;

/// The only source of time. One of the three seams at the edge of the process: tests give a clock of their
/// own. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  /// For what is written down.
  [[nodiscard]] virtual UtcTime utc() const = 0;
  /// For what is waited for.
  [[nodiscard]] virtual Instant now() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] UtcTime utc() const override;
  [[nodiscard]] Instant now() const override;
};

}  // namespace offboard
