#include <fmt/format.h>

#include "base/clock.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/live_service.hpp"
#include "intake/job_file.hpp"
#include "run/invite.hpp"

namespace offboard {
namespace {

int tell(const InviteFailure& trouble, const std::string& job, Terminal& terminal) {
  const auto why =
      trouble.error_code.empty() ? trouble.why : fmt::format("{}: {}", trouble.error_code, trouble.why);
  switch (trouble.ending) {
    case Ending::signed_out:
      terminal.error(fmt::format("Sign-in is needed ({}): `offboard login {}`.", why, job));
      return k_exit_signed_out;
    case Ending::completed:
      terminal.error(fmt::format("the service refuses to give an invitation link: {}", why));
      return k_exit_failed;
    default: terminal.error(fmt::format("no answer ({}); try again later", why)); return k_exit_stopped;
  }
}

}  // namespace

int invite_command(const Arguments& arguments, Terminal& terminal) {
  const auto job = read_job(arguments.job);
  const SystemClock clock;
  Random random;
  LiveService service(job, 1, clock);
  const auto link = invitation_link(job, service.workers(), clock, random, service.stop());
  if (!link) return tell(link.error(), arguments.job.string(), terminal);
  fmt::print("{}\n", *link);
  return k_exit_done;
}

}  // namespace offboard
