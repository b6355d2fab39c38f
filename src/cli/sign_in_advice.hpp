#pragma once
#include <string>

namespace offboard {

/// "Sign-in is needed (…)": the service's own code and words whole, what has to be done if it is a documented
/// one, and the command that helps.
[[nodiscard]] std::string sign_in_needed(const std::string& error_code, const std::string& why,
                                         const std::string& job);

}  // namespace offboard
