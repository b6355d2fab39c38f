#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace offboard::simulator {

/// Chance that can be played again: the same words always give the same number, whatever order several
/// clients' requests arrive in.
[[nodiscard]] std::uint64_t number_from(std::uint64_t seed, std::string_view words);

/// Evenly distributed over [0, 1).
[[nodiscard]] double fraction_from(std::uint64_t seed, std::string_view words);

/// A GUID of version 4's form.
[[nodiscard]] std::string guid_from(std::uint64_t seed, std::string_view words);

}  // namespace offboard::simulator
