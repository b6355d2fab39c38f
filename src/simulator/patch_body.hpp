#pragma once
#include "simulator/message.hpp"

namespace offboard::simulator {

/// What the body of a PATCH on a customer asks for: one address, several operations.
enum class PatchIntent { remove, change_delegated_access, not_understood };

/// Keys and words are read without regard to case. A body that would remove and change delegated access at
/// once is not understood.
[[nodiscard]] PatchIntent intent_of(const Request& request);

}  // namespace offboard::simulator
