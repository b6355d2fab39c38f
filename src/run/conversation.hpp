#pragma once
#include <string>

#include "base/clock.hpp"
#include "base/expected.hpp"
#include "base/random.hpp"
#include "model/job.hpp"
#include "pace/retry.hpp"
#include "run/outcome.hpp"
#include "run/stop_request.hpp"
#include "run/workers.hpp"

namespace offboard {

/// Why a conversation came to nothing.
struct NoAnswer {
  Ending ending = Ending::service_unavailable;
  std::string why;  // the service's own words, where it had the last one
  std::string error_code;
};

/// One request after the other, each repeated by the rules of a run until there is a definite answer: for the
/// commands that deal with no tenant. Blocks.
class Conversation {
 public:
  Conversation(const RetrySettings& retry, Workers& workers, const Clock& clock, Random& random,
               const StopRequest& stop);

  /// An answer that is neither `unanswered` nor `throttled`.
  [[nodiscard]] Expected<Reply, NoAnswer> ask(const Ask& ask);

  /// Whatever came of one request. It fails only if somebody asks to stop.
  [[nodiscard]] Expected<Reply, NoAnswer> ask_once(const Ask& ask);

  /// Waits, unless somebody asks to stop. False if so.
  [[nodiscard]] bool pause(milliseconds wait);

 private:
  [[nodiscard]] Reply send(const Ask& ask);

  RetryLimits limits_;
  Workers& workers_;
  const Clock& clock_;
  Random& random_;
  const StopRequest& stop_;
};

}  // namespace offboard
