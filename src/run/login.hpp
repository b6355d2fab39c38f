#pragma once
#include <functional>

#include "run/conversation.hpp"

namespace offboard {

/// Signs a person in by a device code (RFC 8628): `show` tells the person what to type where; then the
/// sign-in service is asked, as often as it allows, whether it has happened. The refresh token is stored as
/// the job says, replacing the one before only when there is a new one, of the right tenant as far as that
/// can be seen. Returns who has signed in, as far as the token says.
[[nodiscard]] Expected<std::string, NoAnswer> log_in(const Job& job, Workers& workers, const Clock& clock,
                                                     Random& random, const StopRequest& stop,
                                                     const std::function<void(const DeviceCode&)>& show);

}  // namespace offboard
