#pragma once
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace offboard {

/// The file name of a run's report: `{date}` becomes the day the run started, in UTC, and `{run}` its id.
/// Everything else stays as it is, other braces included; what is put in is not expanded again.
[[nodiscard]] std::string expand(std::string_view pattern, UtcTime run_start, std::string_view run_id);

}  // namespace offboard
