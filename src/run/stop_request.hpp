#pragma once
#include <atomic>

#include "base/time.hpp"

namespace offboard {

/// How long what must not be dropped may still take once the run is to end (contract).
inline constexpr milliseconds k_last_answers = seconds(10);

/// Somebody outside (a signal) wants the run to end. Set from any thread.
class StopRequest {
 public:
  void ask() { asked_.store(true); }
  [[nodiscard]] bool is_asked() const { return asked_.load(); }

 private:
  std::atomic<bool> asked_ = false;
};

}  // namespace offboard
