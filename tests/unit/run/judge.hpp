#pragma once
#include <string>
#include <vector>

#include "base/time.hpp"
#include "simulator/log.hpp"

namespace offboard::test {

/// What the judge has to know besides the log.
struct Circumstances {
  milliseconds recheck_after{};
  std::vector<std::size_t> process_starts;  // length of the log when each process began
  bool answers_were_lost = false;           // the service said something that the client never heard
};

/// Which of the contract's promises the service saw broken, as sentences. Goes by the service's own log
/// alone, so it believes nothing that the runner says of itself.
[[nodiscard]] std::vector<std::string> broken_promises(const std::vector<simulator::LogEntry>& log,
                                                       const Circumstances& circumstances);

}  // namespace offboard::test
