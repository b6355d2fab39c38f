#pragma once
#include <optional>

#include "model/blocker.hpp"
#include "model/facts.hpp"
#include "model/job.hpp"

namespace offboard {

/// The parts of decide(), each a pure function of one object.

/// What a subscription is sold as, which decides what "suspended" means for it.
enum class SubscriptionFamily {
  legacy_licence,  ///< a licence-based offer from before new commerce: suspending is the documented last step
  new_commerce,  ///< new commerce, marketplace, software: must be cancelled, suspended ones are still billed
  azure,         ///< Azure, legacy usage or Azure plan: suspending is the documented last step
  savings_plan,  ///< a purchase commitment; ends only by cancellation or expiry
};

[[nodiscard]] SubscriptionFamily family_of(const Subscription& subscription);

[[nodiscard]] std::optional<Blocker> blocker_of(const Subscription& subscription);
[[nodiscard]] std::optional<Blocker> blocker_of(const Entitlement& entitlement, SoftwarePolicy software);

}  // namespace offboard
