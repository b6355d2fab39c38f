#include "pace/breaker.hpp"

#include <algorithm>

namespace offboard {

void Breaker::answered() {
  in_a_row_.clear();
  failed_probes_ = 0;
  mode_ = Mode::closed;
}

void Breaker::unanswered(const std::string& customer, Instant now, Random& random) {
  if (mode_ != Mode::closed) return;
  in_a_row_.insert(customer);
  if (in_a_row_.size() < k_several) return;
  mode_ = Mode::probing;
  failed_probes_ = 0;
  probe_at_ = now + full_jitter(1, limits_, random);
}

void Breaker::probe_failed(Instant now, milliseconds server_asks, Random& random) {
  if (mode_ != Mode::probing) return;
  ++failed_probes_;
  if (failed_probes_ >= limits_.max_attempts) {
    mode_ = Mode::unavailable;
    return;
  }
  const auto wait =
      std::max(full_jitter(failed_probes_ + 1, limits_, random), std::min(server_asks, limits_.max_wait));
  probe_at_ = now + wait;
}

}  // namespace offboard
