#include "cli/advice.hpp"

#include <fmt/format.h>

namespace offboard {
namespace {

void add(std::string& text, const std::string& sentence) {
  if (!text.empty()) text += ' ';
  text += sentence;
}

}  // namespace

std::string next_step(const Standing& standing, const std::string& job) {
  std::string text;
  const auto say = [&](const char* who, std::int64_t count, const std::string& what) {
    if (count > 0) add(text, fmt::format("{} ({}): {}.", who, count, what));
  };
  say("Failed", standing.failed,
      fmt::format("`offboard report {}` has the service's words; once mended, set policy.retry_failed", job));
  say("Awaiting the answer to a removal", standing.patching,
      fmt::format("`offboard run {}` reads them back", job));
  say("Ready", standing.ready, fmt::format("`offboard run {}` removes them", job));
  say("Still to be checked", standing.pending + standing.checked, "run it again");
  say("Blocked", standing.blocked,
      fmt::format("`offboard report {} --view blockers` says by what; each run checks them again", job));
  return text.empty() ? "Nothing is left to do." : text;
}

std::string tally_of(const Standing& standing) {
  std::string text;
  const auto count = [&](std::int64_t number, State state) {
    if (number == 0) return;
    if (!text.empty()) text += ", ";
    text += fmt::format("{} {}", number, name_of(state));
  };
  count(standing.patched, State::patched);
  count(standing.blocked, State::blocked);
  count(standing.failed, State::failed);
  count(standing.ready, State::ready);
  count(standing.patching, State::patching);
  count(standing.checked, State::checked);
  count(standing.pending, State::pending);
  return text.empty() ? "none" : text;
}

}  // namespace offboard
