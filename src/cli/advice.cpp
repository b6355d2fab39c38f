#include "cli/advice.hpp"

#include <fmt/format.h>

namespace offboard {
namespace {

void add(std::string& text, const std::string& sentence) {
  if (!text.empty()) text += ' ';
  text += sentence;
}

std::string tenants(std::int64_t count) {
  return fmt::format("{} {}", count, count == 1 ? "tenant" : "tenants");
}

}  // namespace

std::string next_step(const Standing& standing, const std::string& job) {
  std::string text;
  const auto open = standing.pending + standing.checked;
  if (standing.failed > 0) {
    add(text,
        fmt::format("{} failed and need a person: see `offboard report {}`; then set policy.retry_failed.",
                    tenants(standing.failed), job));
  }
  if (standing.patching > 0) {
    add(text, fmt::format("{} await the answer to a removal: `offboard run {}` reads them back.",
                          tenants(standing.patching), job));
  }
  if (standing.ready > 0)
    add(text, fmt::format("{} are ready: `offboard run {}` removes them.", tenants(standing.ready), job));
  if (open > 0) add(text, fmt::format("{} are still to be checked: run it again.", tenants(open)));
  if (standing.blocked > 0) {
    add(text,
        fmt::format(
            "{} are blocked: `offboard report {} --view blockers` says by what; each run checks them again.",
            tenants(standing.blocked), job));
  }
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
