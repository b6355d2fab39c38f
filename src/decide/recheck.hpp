#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "model/decision.hpp"
#include "model/job.hpp"
#include "model/tenant.hpp"

namespace offboard {

/// How a tenant that was found blocked is looked at again: from one side that blocked it, since it stays
/// blocked as long as that one does. Pure. Only what everything was read for is ever decided to be ready.

/// So often everything is read all the same, so that the other sides' blockers are not old news for ever.
inline constexpr auto k_full_check_every = std::chrono::days(7);

/// What a decision rests on beside the facts. Recorded blockers that were found on other terms say nothing.
[[nodiscard]] std::string terms_of(const ListedTenant& listed, SoftwarePolicy software);

/// The side to read alone; none: everything must be read.
[[nodiscard]] std::optional<Side> side_to_recheck(const std::vector<Blocker>& recorded,
                                                  const std::optional<FullCheck>& last,
                                                  const std::string& terms, UtcTime now);

/// The blockers that are known now that this is what one side shows.
[[nodiscard]] std::vector<Blocker> with_side_replaced(Side side, const std::vector<Blocker>& found,
                                                      const std::vector<Blocker>& recorded);

}  // namespace offboard
