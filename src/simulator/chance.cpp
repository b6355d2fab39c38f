#include "simulator/chance.hpp"

#include <fmt/format.h>

namespace offboard::simulator {
namespace {

/// The finisher of splitmix64: every bit of the input reaches every bit of the output.
std::uint64_t scramble(std::uint64_t value) {
  value += 0x9E3779B97F4A7C15U;
  value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9U;
  value = (value ^ (value >> 27U)) * 0x94D049BB133111EBU;
  return value ^ (value >> 31U);
}

}  // namespace

std::uint64_t number_from(std::uint64_t seed, std::string_view words) {
  std::uint64_t hash = 0xCBF29CE484222325U;  // FNV-1a
  for (const char c : words) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  return scramble(hash ^ scramble(seed));
}

double fraction_from(std::uint64_t seed, std::string_view words) {
  return static_cast<double>(number_from(seed, words) >> 11U) * 0x1.0p-53;
}

std::string guid_from(std::uint64_t seed, std::string_view words) {
  const auto high = number_from(seed, words);
  const auto low = number_from(seed + 1, words);
  return fmt::format("{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}", high >> 32U, (high >> 16U) & 0xFFFFU,
                     high & 0xFFFU, 0x8000U | ((low >> 48U) & 0x3FFFU), low & 0xFFFFFFFFFFFFU);
}

}  // namespace offboard::simulator
