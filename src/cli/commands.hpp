#pragma once
#include "cli/arguments.hpp"
#include "cli/terminal.hpp"

namespace offboard {

/// The whole program behind `main`: carries out a command line and returns the exit code. Throws nothing but
/// for lack of memory.
[[nodiscard]] int run_program(int argc, const char* const* argv);

// One function per command. They throw InvalidInput for the user's mistakes and MachineTrouble or Defect for
// ours.
[[nodiscard]] int validate_command(const Arguments& arguments, Terminal& terminal);
[[nodiscard]] int check_or_run_command(const Arguments& arguments, Terminal& terminal);
[[nodiscard]] int status_command(const Arguments& arguments, Terminal& terminal);
[[nodiscard]] int report_command(const Arguments& arguments, Terminal& terminal);
[[nodiscard]] int verify_command(const Arguments& arguments, Terminal& terminal);
[[nodiscard]] int login_command(const Arguments& arguments, Terminal& terminal);
[[nodiscard]] int invite_command(const Arguments& arguments, Terminal& terminal);

}  // namespace offboard
