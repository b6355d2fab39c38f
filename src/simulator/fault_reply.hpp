#pragma once
#include "simulator/fault_plan.hpp"

namespace offboard::simulator {

/// What the fault makes of an honest answer.
[[nodiscard]] Reply spoiled(Reply honest, const FaultRule& rule, const Call& call);

}  // namespace offboard::simulator
