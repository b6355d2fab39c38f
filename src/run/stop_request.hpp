#pragma once
#include <atomic>

namespace offboard {

/// Somebody outside (a signal) wants the run to end. Set from any thread.
class StopRequest {
 public:
  void ask() { asked_.store(true); }
  [[nodiscard]] bool is_asked() const { return asked_.load(); }

 private:
  std::atomic<bool> asked_ = false;
};

}  // namespace offboard
