#pragma once
#include <string>
#include <vector>

#include "model/decision.hpp"
#include "run/journey.hpp"

namespace offboard {

/// What each turn of a tenant's journey writes into the ledger. Pure: the journey's state and counters in,
/// one Change out. A re-check that finds nothing new makes no move, so it leaves no row in history.

/// Blocked, by complete facts, or by those of journey.only together with what is known of the other sides.
/// `recorded` are the blockers that the ledger holds.
[[nodiscard]] Change blocked_change(const Journey& journey, const std::vector<Blocker>& found,
                                    const std::vector<Blocker>& recorded, const Evidence& evidence,
                                    UtcTime now);

/// Nothing stands in the way.
[[nodiscard]] Change ready_change(const Journey& journey, const Evidence& evidence, UtcTime now);

/// The intent to remove, with the ids the PATCH will carry. From `ready`, or again from `patching`.
[[nodiscard]] Change intent_change(const Journey& journey, UtcTime now);

/// The service says there is no relationship (any more).
[[nodiscard]] Change patched_change(const Journey& journey, std::string_view reason, const Evidence& answer,
                                    UtcTime now);

/// A definite no.
[[nodiscard]] Change failed_change(const Journey& journey, const Evidence& evidence, UtcTime now);

/// Nothing moves: out of attempts, asked to wait, or the run is stopping. Records why. Without `evidence` (no
/// request was made) that of the last request stays.
[[nodiscard]] Change unmoved_change(const Journey& journey, const std::optional<Evidence>& evidence,
                                    std::string detail);

/// Where the tenant stands once the change is written.
[[nodiscard]] State state_after(const Change& change);

/// Does it record only what reads have found of a tenant that nothing was sent for, nor is to be kept away
/// from? If it is lost, the next run finds it again.
[[nodiscard]] bool is_found_again(const Change& change);

}  // namespace offboard
