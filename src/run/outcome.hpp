#pragma once
#include <string>
#include <string_view>

#include "ledger/ledger.hpp"

namespace offboard {

/// Why a run ended. The names stand in the runs view.
enum class Ending {
  completed,            ///< everything was done that could be done
  incomplete,           ///< likewise, but some tenants could not be brought to an end
  stopped,              ///< by a signal
  deadline,             ///< policy.deadline
  limit_reached,        ///< policy.max_patches, with more to do
  service_unavailable,  ///< the circuit breaker, or the sign-in service did not answer
  throttled_too_long,   ///< the service asks everybody to wait longer than retry.max_wait
  signed_out            ///< credentials missing, expired or refused
};

[[nodiscard]] std::string_view name_of(Ending ending);

struct RunOutcome {
  Ending ending = Ending::completed;
  std::string why;         // the service's own words, where it had the last one; one line
  std::string error_code;  // likewise, such as AADSTS700082
  std::int64_t left = 0;   // tenants this run could not bring to an end
  RunCounters counters;
  Standing standing;
};

/// The contract's exit codes. Several may apply; the first of 7, 5, 4, 3 wins.
[[nodiscard]] int exit_code_of(const RunOutcome& outcome);

}  // namespace offboard
