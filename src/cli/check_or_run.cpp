#include <fmt/format.h>

#include "base/clock.hpp"
#include "base/defect.hpp"
#include "base/file.hpp"
#include "cli/advice.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/live_service.hpp"
#include "cli/report_heading.hpp"
#include "cli/sign_in_advice.hpp"
#include "cli/terminal_listener.hpp"
#include "cli/this_machine.hpp"
#include "intake/job_file.hpp"
#include "ledger/reader.hpp"
#include "ledger/run_lock.hpp"
#include "report/target.hpp"
#include "report/write.hpp"
#include "run/runner.hpp"

namespace offboard {
namespace {

struct Target {
  Format format;
  std::filesystem::path file;
};

std::vector<Target> targets_of(const Job& job, const RunStart& start) {
  std::vector<Target> targets;
  const auto add = [&](Format format, const std::string& pattern) {
    if (!pattern.empty()) targets.push_back({format, expand(pattern, start.at, start.run_id.text())});
  };
  add(Format::csv, job.report.csv);
  add(Format::json, job.report.json);
  add(Format::html, job.report.html);
  return targets;
}

void write_reports(const Job& job, const std::vector<Target>& targets) {
  if (targets.empty()) return;
  const LedgerReader reader(job.ledger);
  const auto heading = heading_of(job, reader);
  for (const auto& target : targets) {
    replace_file(target.file, Readers::by_umask, [&](const Sink& sink) {
      write_report(View::tenants, target.format, reader, heading, sink);
    });
  }
}

RunStart start_of(Command command, const Clock& clock, Random& random) {
  return {random.guid(), command == Command::check ? "check" : "run",
          clock.utc(),   OFFBOARD_VERSION,
          user_name(),   host_name()};
}

/// Exit 7 names the service's own code and the command that helps.
std::string ending_of(const RunOutcome& outcome, const std::string& job) {
  const auto why =
      outcome.error_code.empty() ? outcome.why : fmt::format("{}: {}", outcome.error_code, outcome.why);
  switch (outcome.ending) {
    case Ending::completed: return "Completed.";
    case Ending::incomplete:
      return fmt::format("Tenants that could not be brought to an end: {}; run it again.", outcome.left);
    case Ending::limit_reached: return "Stopped at policy.max_patches; run it again for the rest.";
    case Ending::signed_out: return sign_in_needed(outcome.error_code, outcome.why, job);
    case Ending::stopped:
    case Ending::deadline:
    case Ending::service_unavailable:
    case Ending::throttled_too_long: break;
  }
  if (outcome.left == 0) return fmt::format("Stopped ({}).", why);
  return fmt::format("Stopped early ({}); run it again to resume.", why);
}

std::string summary(const Job& job, const std::string& job_file, const RunOutcome& outcome, milliseconds took,
                    const std::vector<Target>& targets) {
  auto text = fmt::format("{}: {} tenants: {}. {} Took {}, {} requests, {} of them throttled. {}", job.name,
                          outcome.standing.tenants, tally_of(outcome.standing), ending_of(outcome, job_file),
                          duration_text(took), outcome.counters.requests, outcome.counters.throttled,
                          next_step(outcome.standing, job_file));
  for (const auto& target : targets) text += fmt::format(" Report: {}.", target.file.string());
  return text;
}

/// It is good for 90 days at any place. Not refused, since the run makes it private when it renews it.
void warn_of_open_token(const std::filesystem::path& file, Terminal& terminal) {
  if (!everybody_can_read(file)) return;
  terminal.warning(fmt::format(
      "everybody on this machine can read the refresh token in {}; `chmod 600 {}`, and sign in anew "
      "if anybody may have",
      file.string(), file.string()));
}

/// Which list the ledger holds, if that can be told. What is wrong with a ledger is said when the run opens
/// it.
ListRecord list_on_record(const Job& job) {
  if (!std::filesystem::exists(job.ledger)) return {};
  try {
    return LedgerReader(job.ledger).list_record();
  } catch (const MachineTrouble&) {
    return {};
  }
}

/// The list takes no memory any more when this returns.
ImportCounts begin_run(Ledger& ledger, const Job& job, TenantListReading list, const RunStart& start,
                       Terminal& terminal) {
  if (!list.tenants) {
    if (ledger.list_record().digest == list.digest)
      return ledger.begin_run_with_same_list(start, job.policy.failed);
    // Another run has taken over another list since.
    list = read_tenant_list(job.tenants);
    for (const auto& notice : list.notices) terminal.warning(notice);
  }
  return ledger.begin_run(start, *list.tenants, job.policy.failed, {list.digest, list.notices});
}

/// The run itself. The ledger is closed when it returns: a second handle to it within one process, closed,
/// would take the locks of the first along.
RunOutcome carry_out(Command command, const Job& job, TenantListReading list, const RunStart& start,
                     Random& random, const Clock& clock, const SignalsBlocked& signals_blocked,
                     Terminal& terminal) {
  Ledger ledger(job.ledger);
  const auto counts = begin_run(ledger, job, std::move(list), start, terminal);
  LiveService service(signals_blocked, job, static_cast<std::size_t>(job.workers), clock);
  TerminalListener listener(terminal);
  Runner runner(job, command == Command::check ? Mode::check : Mode::run,
                {ledger, service.workers(), clock, random, listener, service.stop()});
  return runner.run(counts);
}

}  // namespace

int check_or_run_command(const Arguments& arguments, Terminal& terminal) {
  const SignalsBlocked signals_blocked;
  ListRecord record;
  auto input = read_job_and_list(arguments.job, [&](const Job& read) {
    record = list_on_record(read);
    return record.digest;
  });
  const auto& job = input.job;
  for (const auto& notice : input.list.tenants ? input.list.notices : record.notices)
    terminal.warning(notice);
  warn_of_open_token(job.partner_center.refresh_token_file, terminal);
  const auto lock = RunLock::take(job.ledger);
  if (!lock) {
    terminal.error(fmt::format("another run holds the ledger {}; nothing was done", job.ledger.string()));
    return k_exit_in_use;
  }
  const SystemClock clock;
  Random random;
  const auto begun_at = clock.now();
  const auto start = start_of(arguments.command, clock, random);
  const auto targets = targets_of(job, start);
  // Now rather than after the last removal: a report that has no place to go must stop the run, not surprise
  // it.
  for (const auto& target : targets) make_parent_folder(target.file);
  const auto outcome = carry_out(arguments.command, job, std::move(input.list), start, random, clock,
                                 signals_blocked, terminal);
  write_reports(job, targets);
  terminal.end_progress();
  const int code = exit_code_of(outcome);
  const auto text = summary(job, arguments.job.string(), outcome, clock.now() - begun_at, targets);
  // Nightly mail from cron should come only when somebody has to do something: blocked tenants are routine.
  if (code == k_exit_done || code == k_exit_blocked) {
    terminal.info(text);
  } else {
    terminal.warning(text);
  }
  return code;
}

}  // namespace offboard
