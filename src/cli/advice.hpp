#pragma once
#include <cstdint>
#include <string>

#include "run/outcome.hpp"

namespace offboard {

/// What an operator should do next, going by where the listed tenants stand. One or more sentences.
[[nodiscard]] std::string next_step(const Standing& standing, const std::string& job);

/// `1,380 patched, 600 blocked, …`: every state that has tenants.
[[nodiscard]] std::string tally_of(const Standing& standing);

}  // namespace offboard
