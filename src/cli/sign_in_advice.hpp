#pragma once
#include <string>
#include <string_view>

namespace offboard {

/// What has to be done about a refusal that the sign-in service or Partner Center documents, by its code; a
/// sentence, or nothing for a code that this version does not know.
[[nodiscard]] std::string_view cure_for(std::string_view error_code);

/// "Sign-in is needed (…)": the service's own code and words whole, the cure, and the command that helps.
[[nodiscard]] std::string sign_in_needed(const std::string& error_code, const std::string& why,
                                         const std::string& job);

}  // namespace offboard
