#include "intake/duration_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "intake/limits.hpp"

namespace offboard {
namespace {

struct Unit {
  std::string_view name;
  milliseconds length;
};

constexpr std::array k_units = {
    Unit{"ms", milliseconds(1)},        Unit{"s", seconds(1)},
    Unit{"m", std::chrono::minutes(1)}, Unit{"h", std::chrono::hours(1)},
    Unit{"d", std::chrono::hours(24)},
};

const Unit* unit_named(std::string_view name) {
  for (const auto& unit : k_units) {
    if (unit.name == name) return &unit;
  }
  return nullptr;
}

}  // namespace

Expected<milliseconds, std::string> parse_duration(std::string_view text) {
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto* unit = unit_named(text.substr(digits));
  if (digits == 0 || unit == nullptr)
    return failure(std::string("must be a whole number and ms, s, m, h or d, such as 10m"));
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + digits, count);
  if (error != std::errc() || count > limits::k_longest_duration / unit->length)
    return failure(fmt::format(
        "must not be longer than {} days",
        std::chrono::duration_cast<std::chrono::hours>(limits::k_longest_duration) / std::chrono::hours(24)));
  if (count == 0) return failure(std::string("must be more than zero"));
  return unit->length * count;
}

}  // namespace offboard
