#pragma once
#include "simulator/call.hpp"
#include "simulator/world.hpp"

namespace offboard::simulator {

/// One page of a customer's subscriptions or entitlements, as the call's kind says. The page is found by the
/// request header MS-ContinuationToken; 400 for a token that is missing, wrong or another collection's.
[[nodiscard]] Reply collection_page(const World& world, const Customer& customer, const Call& call,
                                    const Request& request);

}  // namespace offboard::simulator
