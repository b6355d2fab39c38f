#include "report/write.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "base/defect.hpp"
#include "cli/commands.hpp"
#include "cli/existing_ledger.hpp"
#include "cli/exit_code.hpp"
#include "cli/report_heading.hpp"
#include "ledger/reader.hpp"

namespace offboard {
namespace {

void write_to_standard_output(std::string_view piece) {
  if (std::fwrite(piece.data(), 1, piece.size(), stdout) != piece.size()) {
    throw MachineTrouble(
        fmt::format("cannot write to standard output: {}", std::system_category().message(errno)));
  }
}

/// A report must not replace what the job lives on.
void refuse_own_files(const Job& job, const Arguments& arguments) {
  const auto target = std::filesystem::weakly_canonical(*arguments.output);
  const auto ledger = job.ledger.string();
  for (const std::filesystem::path& own :
       {job.ledger, std::filesystem::path(ledger + "-wal"), std::filesystem::path(ledger + "-shm"),
        std::filesystem::path(ledger + ".lock"), job.tenants, arguments.job,
        job.partner_center.refresh_token_file}) {
    if (std::filesystem::weakly_canonical(own) != target) continue;
    throw InvalidInput({arguments.job.string(), 1, 1,
                        fmt::format("--output {} would replace a file of the job itself", target.string())});
  }
}

}  // namespace

int report_command(const Arguments& arguments, Terminal& terminal) {
  const auto job = read_job(arguments.job);
  require_ledger(job, arguments.job);
  const LedgerReader reader(job.ledger);
  const auto heading = heading_of(job, reader);
  const auto write = [&](const Sink& sink) {
    write_report(arguments.view, arguments.format, reader, heading, sink);
  };
  if (arguments.output) {
    refuse_own_files(job, arguments);
    replace_file(*arguments.output, Readers::by_umask, write);
    terminal.info(fmt::format("wrote {}", arguments.output->string()));
    return k_exit_done;
  }
  write(write_to_standard_output);
  return k_exit_done;
}

int verify_command(const Arguments& arguments, Terminal& terminal) {
  const auto job = read_job(arguments.job);
  require_ledger(job, arguments.job);
  const LedgerReader reader(job.ledger);
  const auto findings = reader.verify();
  for (const auto& finding : findings) terminal.error(finding);
  if (!findings.empty()) {
    fmt::print("{}: the history has been altered or is damaged\n", job.ledger.string());
    return k_exit_trouble;
  }
  const auto end = reader.history_end();
  fmt::print("{}: {} history rows, whole and unaltered; last hash {}\n", job.ledger.string(), end.rows,
             end.rows == 0 ? "none" : end.hash);
  return k_exit_done;
}

}  // namespace offboard
