#include "report/write.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "base/defect.hpp"
#include "cli/commands.hpp"
#include "cli/existing_ledger.hpp"
#include "cli/exit_code.hpp"
#include "ledger/reader.hpp"

namespace offboard {
namespace {

void write_to_standard_output(std::string_view piece) {
  if (std::fwrite(piece.data(), 1, piece.size(), stdout) != piece.size()) {
    throw MachineTrouble(
        fmt::format("cannot write to standard output: {}", std::system_category().message(errno)));
  }
}

/// When the ledger last changed, going by its own rows: the same ledger gives the same bytes.
std::string as_of(const LedgerReader& reader) {
  std::string latest;
  reader.for_each_run(
      [&](const RunRow& run) { latest = run.ended_at.empty() ? run.started_at : run.ended_at; });
  return latest;
}

}  // namespace

int report_command(const Arguments& arguments, Terminal& terminal) {
  const auto job = read_job(arguments.job);
  require_ledger(job, arguments.job);
  const LedgerReader reader(job.ledger);
  const Heading heading{job.name, as_of(reader)};
  const auto write = [&](const Sink& sink) {
    write_report(arguments.view, arguments.format, reader, heading, sink);
  };
  if (arguments.output) {
    replace_file(*arguments.output, Readers::by_umask, write);
    terminal.info(fmt::format("wrote {}", arguments.output->string()));
    return k_exit_done;
  }
  write(write_to_standard_output);
  if (std::fflush(stdout) != 0) write_to_standard_output("\n");
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
  std::int64_t rows = 0;
  std::string last = "none";
  reader.for_each_history([&](const HistoryRow& row) {
    rows = row.seq;
    last = row.hash;
  });
  fmt::print("{}: {} history rows, whole and unaltered; last hash {}\n", job.ledger.string(), rows, last);
  return k_exit_done;
}

}  // namespace offboard
