#pragma once
#include <cstdint>
#include <initializer_list>
#include <random>

namespace offboard::test {

/// Chance from a seed, the same on every machine: no distribution of the standard library, whose results are
/// not laid down.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  /// 0 to `most`.
  int up_to(int most) { return static_cast<int>(engine_() % static_cast<std::uint64_t>(most + 1)); }
  bool falls(int percent) { return up_to(99) < percent; }
  template <typename Value>
  Value one_of(std::initializer_list<Value> values) {
    return values.begin()[up_to(static_cast<int>(values.size()) - 1)];
  }
  std::uint64_t seed() { return engine_(); }

 private:
  std::mt19937_64 engine_;
};

}  // namespace offboard::test
