#include "run/outcome.hpp"

namespace offboard {

std::string_view name_of(Ending ending) {
  switch (ending) {
    case Ending::completed: return "completed";
    case Ending::incomplete: return "incomplete";
    case Ending::stopped: return "stopped";
    case Ending::deadline: return "deadline";
    case Ending::limit_reached: return "limit-reached";
    case Ending::service_unavailable: return "service-unavailable";
    case Ending::throttled_too_long: return "throttled-too-long";
    case Ending::signed_out: return "signed-out";
  }
  return "";
}

int exit_code_of(const RunOutcome& outcome) {
  if (outcome.ending == Ending::signed_out) return 7;
  if (outcome.ending != Ending::completed || outcome.left > 0) return 5;
  if (outcome.standing.failed > 0) return 4;
  if (outcome.standing.blocked > 0) return 3;
  return 0;
}

}  // namespace offboard
