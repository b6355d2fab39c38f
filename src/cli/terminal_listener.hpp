#pragma once
#include <map>

#include "cli/terminal.hpp"
#include "run/listener.hpp"

namespace offboard {

/// Tells the person at the terminal how a run goes. Routine turns only with --verbose; what needs a look
/// always.
class TerminalListener final : public RunListener {
 public:
  explicit TerminalListener(Terminal& terminal) : terminal_(terminal) {}

  void on_start(std::int64_t to_do, const ImportCounts& list) override;
  void on_signed_in(const std::string& who) override;
  void on_tenant(const ListedTenant& tenant, State state, const std::string& detail) override;
  void on_turn_over(std::int64_t done) override;
  void on_pause(const std::string& why, milliseconds how_long) override;
  void on_quota(double per_minute) override;
  void on_stop(const std::string& why) override;

 private:
  Terminal& terminal_;
  std::int64_t to_do_ = 0;
  std::map<State, std::int64_t> tally_;
};

}  // namespace offboard
