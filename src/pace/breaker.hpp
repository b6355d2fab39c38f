#pragma once
#include <set>
#include <string>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "pace/retry.hpp"

namespace offboard {

/// Stops a batch from hammering a service that is down. When several customers in a row meet no answer, it
/// opens: all requests pause, single probes go out with growing gaps, and the first answer closes it again.
/// When max_attempts probes have failed, the service counts as unavailable and the run should end. One owner;
/// told the time by it.
class Breaker {
 public:
  static constexpr std::size_t k_several = 3;  // different customers, with no answer in between

  explicit Breaker(const RetryLimits& limits) : limits_(limits) {}

  enum class Mode { closed, probing, unavailable };
  [[nodiscard]] Mode mode() const { return mode_; }

  /// When the next probe may leave. Only while probing.
  [[nodiscard]] Instant probe_at() const { return probe_at_; }

  void answered();
  void unanswered(const std::string& customer, Instant now, Random& random);

  /// A probe failed; `server_asks` is the Retry-After it carried, or zero.
  void probe_failed(Instant now, milliseconds server_asks, Random& random);

 private:
  RetryLimits limits_;
  Mode mode_ = Mode::closed;
  std::set<std::string> in_a_row_;
  int failed_probes_ = 0;
  Instant probe_at_{};
};

}  // namespace offboard
