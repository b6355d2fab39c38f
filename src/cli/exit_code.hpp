#pragma once

namespace offboard {

/// What the program says to cron and to scripts (contract, "Exit codes"). 3, 4, 5 and 7 also come from
/// exit_code_of a run's outcome.
inline constexpr int k_exit_done = 0;
inline constexpr int k_exit_trouble = 1;  ///< a defect in the program, or the machine failed it
inline constexpr int k_exit_invalid = 2;  ///< wrong usage, invalid job or list, or no ledger yet
inline constexpr int k_exit_blocked = 3;  ///< completed; at least one tenant is blocked
inline constexpr int k_exit_failed = 4;   ///< a definite answer that needs a person
inline constexpr int k_exit_stopped = 5;  ///< can be resumed by running it again
inline constexpr int k_exit_in_use = 6;   ///< another run holds this ledger
inline constexpr int k_exit_signed_out = 7;

}  // namespace offboard
