#pragma once
#include <string>

namespace offboard {

/// Who runs this, for the record of runs; "unknown" where the system does not say.
[[nodiscard]] std::string user_name();
[[nodiscard]] std::string host_name();

}  // namespace offboard
