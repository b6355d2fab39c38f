#pragma once
#include <chrono>
#include <cstdint>
#include <random>

#include "base/guid.hpp"

namespace offboard {

/// Request ids and jitter. Seeded by the system in the program, by a number in tests, so that a test can be
/// played again exactly. Not for secrets. One owner; not thread-safe.
class Random {
 public:
  /// Seeded from the system's entropy, 256 bits of it: request ids of different runs must not meet.
  Random();
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  /// A random (version 4) GUID.
  [[nodiscard]] Guid guid();

  /// Evenly distributed over [0, upper].
  [[nodiscard]] std::chrono::milliseconds up_to(std::chrono::milliseconds upper);

 private:
  std::mt19937_64 engine_;
};

}  // namespace offboard
