#pragma once
#include <string>

#include "run/conversation.hpp"

namespace offboard {

/// The link by which any customer can accept the partner's reseller relationship (again). It is per partner,
/// not per customer; accepting it brings back no subscription and no delegated access.
[[nodiscard]] Expected<std::string, NoAnswer> invitation_link(const Job& job, Workers& workers,
                                                              const Clock& clock, Random& random,
                                                              const StopRequest& stop);

}  // namespace offboard
