#pragma once
#include <functional>

#include "run/conversation.hpp"

namespace offboard {

/// What the person at the terminal is told.
struct LoginShow {
  std::function<void(const DeviceCode&)> code;            // what to type where
  std::function<void(const std::string& why)> no_answer;  // the network is lost; it is tried on
};

/// Signs a person in by a device code (RFC 8628), then asks the sign-in service, as often as it allows and
/// until the code dies, whether it has happened. The refresh token is stored as the job says, replacing the
/// one before only when there is a new one, of the right tenant as far as that can be seen. Returns who has
/// signed in, as far as the token says.
[[nodiscard]] Expected<std::string, NoAnswer> log_in(const Job& job, Workers& workers, const Clock& clock,
                                                     Random& random, const StopRequest& stop,
                                                     const LoginShow& show);

}  // namespace offboard
