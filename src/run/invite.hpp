#pragma once
#include <string>

#include "base/clock.hpp"
#include "base/expected.hpp"
#include "base/random.hpp"
#include "model/job.hpp"
#include "run/outcome.hpp"
#include "run/stop_request.hpp"
#include "run/workers.hpp"

namespace offboard {

struct InviteFailure {
  Ending ending = Ending::service_unavailable;
  std::string why;
  std::string error_code;
};

/// The link by which any customer can accept the partner's reseller relationship (again). It is per partner,
/// not per customer; accepting it brings back no subscription and no delegated access. Signs in, asks, and
/// retries by the same rules as a run.
[[nodiscard]] Expected<std::string, InviteFailure> invitation_link(const Job& job, Workers& workers,
                                                                   const Clock& clock, Random& random,
                                                                   const StopRequest& stop);

}  // namespace offboard
