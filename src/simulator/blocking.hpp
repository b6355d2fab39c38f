#pragma once
#include <string>
#include <vector>

#include "simulator/world.hpp"

namespace offboard::simulator {

/// Everything that stands in the way of removing this customer, in words; empty: nothing. The simulator's own
/// reading of the service's rules, so that tests have a judge that shares no code with the runner.
[[nodiscard]] std::vector<std::string> live_blockers(const Customer& customer, SoftwareEntitlements software);

}  // namespace offboard::simulator
