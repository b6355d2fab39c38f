#include "cli/terminal_listener.hpp"

#include <fmt/format.h>

namespace offboard {
namespace {

std::string named(const ListedTenant& tenant) {
  if (tenant.company_name.empty()) return tenant.tenant_id.text();
  return fmt::format("{} ({})", tenant.tenant_id.text(), tenant.company_name);
}

}  // namespace

void TerminalListener::on_start(std::int64_t to_do, const ImportCounts& list) {
  to_do_ = to_do;
  std::string text = fmt::format("{} tenants listed, {} to do", list.listed, to_do);
  if (list.added > 0) text += fmt::format("; {} new on the list", list.added);
  if (list.withdrawn > 0) text += fmt::format("; {} no longer on it", list.withdrawn);
  terminal_.info(text);
}

void TerminalListener::on_signed_in(const std::string& who) {
  terminal_.info(who);
}

void TerminalListener::on_tenant(const ListedTenant& tenant, State state, const std::string& detail) {
  auto text = fmt::format("{}: {}", named(tenant), name_of(state));
  if (!detail.empty()) text += fmt::format(", {}", detail);
  const bool needs_a_look =
      state == State::failed || (state != State::blocked && state != State::patched && !detail.empty());
  if (needs_a_look) {
    terminal_.warning(text);
  } else {
    terminal_.detail(text);
  }
  // "patching" is on the way, not an end.
  if (state != State::patching) ++tally_[state];
}

void TerminalListener::on_turn_over(std::int64_t done) {
  std::string tally;
  for (const auto& [state, count] : tally_) {
    if (!tally.empty()) tally += ", ";
    tally += fmt::format("{} {}", count, name_of(state));
  }
  terminal_.progress(done, to_do_, tally);
}

void TerminalListener::on_pause(const std::string& why, milliseconds how_long) {
  terminal_.info(fmt::format("everybody waits {}: {}", duration_text(how_long), why));
}

void TerminalListener::on_quota(double per_minute) {
  terminal_.detail(fmt::format("the service lets through about {:.0f} requests a minute", per_minute));
}

void TerminalListener::on_stop(const std::string& why) {
  terminal_.warning(fmt::format("stopping: {}", why));
}

}  // namespace offboard
