#include <fmt/format.h>

#include <cstdio>

#include "base/clock.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/live_service.hpp"
#include "cli/sign_in_advice.hpp"
#include "intake/job_file.hpp"
#include "run/invite.hpp"
#include "run/login.hpp"

namespace offboard {
namespace {

/// The exit code for an answer that did not come, after saying why.
int tell(const NoAnswer& trouble, const std::string& what, const std::string& job, Terminal& terminal) {
  const auto why =
      trouble.error_code.empty() ? trouble.why : fmt::format("{}: {}", trouble.error_code, trouble.why);
  switch (trouble.ending) {
    case Ending::signed_out:
      terminal.error(fmt::format("{}. {}", what, sign_in_needed(trouble.error_code, trouble.why, job)));
      return k_exit_signed_out;
    case Ending::completed: terminal.error(fmt::format("{}: refused: {}", what, why)); return k_exit_failed;
    default:
      terminal.error(fmt::format("{}: no answer ({}); try again later", what, why));
      return k_exit_stopped;
  }
}

void show_code(const DeviceCode& code) {
  fmt::print(stderr, "To sign in, open {} in any browser and enter the code {}\n", code.verification_uri,
             code.user_code);
  fmt::print(stderr, "The code is good for {}. Waiting...\n", duration_text(code.lifetime));
  std::fflush(stderr);
}

}  // namespace

int invite_command(const Arguments& arguments, Terminal& terminal) {
  const SignalsBlocked signals_blocked;
  const auto job = read_job(arguments.job);
  const SystemClock clock;
  Random random;
  LiveService service(signals_blocked, job, 1, clock);
  const auto link = invitation_link(job, service.workers(), clock, random, service.stop());
  if (!link) return tell(link.error(), "no invitation link", arguments.job.string(), terminal);
  fmt::print("{}\n", *link);
  return k_exit_done;
}

int login_command(const Arguments& arguments, Terminal& terminal) {
  const SignalsBlocked signals_blocked;
  const auto job = read_job(arguments.job);
  const SystemClock clock;
  Random random;
  LiveService service(signals_blocked, job, 1, clock);
  const LoginShow show{
      show_code, [&](const std::string& why) {
        terminal.warning(
            fmt::format("no answer from the sign-in service ({}); asking on until the code expires", why));
      }};
  const auto signed_in = log_in(job, service.workers(), clock, random, service.stop(), show);
  if (!signed_in) return tell(signed_in.error(), "not signed in", arguments.job.string(), terminal);
  terminal.info(fmt::format("{}; the refresh token of {} is in {}", *signed_in, job.partner_center.tenant,
                            job.partner_center.refresh_token_file.string()));
  return k_exit_done;
}

}  // namespace offboard
