#pragma once
#include <string>
#include <string_view>

#include "base/expected.hpp"
#include "base/time.hpp"

namespace offboard {

/// A whole number and `ms`, `s`, `m`, `h` or `d`, more than zero and at most limits::k_longest_duration; or
/// what is wrong with it.
[[nodiscard]] Expected<milliseconds, std::string> parse_duration(std::string_view text);

}  // namespace offboard
