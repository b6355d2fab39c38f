#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "simulator/log.hpp"

namespace offboard::test {

/// One process of the runner, as far as the judge has to know it.
struct Process {
  std::size_t log_begins = 0;  // length of the service's log when it began
  milliseconds recheck_after{};
  std::map<std::string, std::string> listed;  // and the company name that is expected
};

/// What the judge has to know besides the log.
struct Circumstances {
  std::vector<Process> processes;
  bool answers_were_lost = false;  // the service said something that the client never heard
  bool clock_ran_ahead = false;    // since some run ended: a wait that it noted looks as if it were over
  // When somebody bought something while a process was going on: before, the facts could not show it.
  std::map<std::string, UtcTime> blocked_since;
  std::set<std::string> ended_by_others;  // while a process was going on, likewise
};

/// Which of the contract's promises the service saw broken, as sentences. Goes by the service's own log
/// alone, so it believes nothing that the runner says of itself.
[[nodiscard]] std::vector<std::string> broken_promises(const std::vector<simulator::LogEntry>& log,
                                                       const Circumstances& circumstances);

}  // namespace offboard::test
