#pragma once
#include <functional>
#include <thread>

namespace offboard {

/// Blocks SIGINT and SIGTERM in this thread and in those it makes from now on, so that they wait for a
/// SignalWatch. Also ignores SIGPIPE: a connection that breaks while it is written to must be an error, not
/// the end.
class SignalsBlocked {
 public:
  SignalsBlocked();
};

/// SIGINT and SIGTERM as an orderly wish: the first calls `on_first` from a thread of its own, the second
/// ends the process at once with exit code 5; what is committed stays, and the next run takes it up. Needs
/// SignalsBlocked to have been made before any other thread.
class SignalWatch {
 public:
  explicit SignalWatch(std::function<void()> on_first);
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;
  ~SignalWatch();

 private:
  void watch() const;

  std::function<void()> on_first_;
  std::thread thread_;
};

}  // namespace offboard
