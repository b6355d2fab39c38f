#include "cli/commands.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <exception>

#include "base/defect.hpp"
#include "cli/exit_code.hpp"
#include "intake/job_file.hpp"
#include "intake/problem.hpp"

namespace offboard {
namespace {

int carry_out(const Arguments& arguments, Terminal& terminal) {
  switch (arguments.command) {
    case Command::validate: return validate_command(arguments, terminal);
    case Command::check:
    case Command::run: return check_or_run_command(arguments, terminal);
    case Command::status: return status_command(arguments, terminal);
    case Command::report: return report_command(arguments, terminal);
    case Command::verify: return verify_command(arguments, terminal);
    case Command::invite: return invite_command(arguments, terminal);
    case Command::login: return login_command(arguments, terminal);
  }
  throw Defect("every command is carried out");
}

}  // namespace

int validate_command(const Arguments& arguments, Terminal& terminal) {
  const auto input = read_job_and_list(arguments.job, [](const Job&) { return std::string(); });
  const auto& job = input.job;
  const auto& list = input.list;
  for (const auto& notice : list.notices) terminal.warning(notice);
  fmt::print("{}: valid; {} lists {} tenants\n", arguments.job.string(), job.tenants.string(),
             list.tenants->size());
  return k_exit_done;
}

int run_program(int argc, const char* const* argv) {
  const auto parsed = parse_arguments(argc, argv);
  if (const int* code = std::get_if<int>(&parsed)) return *code;
  const auto& arguments = std::get<Arguments>(parsed);
  Terminal terminal(arguments.verbosity);
  try {
    const int code = carry_out(arguments, terminal);
    // What was said to standard output may still be on its way; a full disk shows only now.
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
      throw MachineTrouble("cannot write to standard output");
    return code;
  } catch (const InvalidInput& mistake) {
    terminal.end_progress();
    // As they are, a line each: editors jump to FILE:LINE:COLUMN at the start of a line.
    fmt::print(stderr, "{}\n", mistake.what());
    return k_exit_invalid;
  } catch (const std::exception& trouble) {
    terminal.error(trouble.what());
    return k_exit_trouble;
  }
}

}  // namespace offboard
