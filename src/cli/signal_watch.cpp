#include "cli/signal_watch.hpp"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <string_view>
#include <utility>

#include "cli/exit_code.hpp"

namespace offboard {
namespace {

/// How the destructor tells the thread to end; nobody else sends it.
constexpr int k_end_of_watch = SIGUSR1;

sigset_t watched() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, k_end_of_watch);
  return set;
}

}  // namespace

SignalsBlocked::SignalsBlocked() {
  ::signal(SIGPIPE, SIG_IGN);
  const auto set = watched();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

SignalWatch::SignalWatch(std::function<void()> on_first)
    : on_first_(std::move(on_first)), thread_([this] { watch(); }) {}

SignalWatch::~SignalWatch() {
  ::pthread_kill(thread_.native_handle(), k_end_of_watch);
  thread_.join();
}

void SignalWatch::watch() const {
  const auto set = watched();
  for (bool asked = false;;) {
    int signal = 0;
    if (::sigwait(&set, &signal) != 0) continue;
    if (signal == k_end_of_watch) return;
    if (asked) {
      constexpr std::string_view k_last_words =
          "offboard: second signal, ending at once; run the job again to resume\n";
      [[maybe_unused]] const auto written = ::write(STDERR_FILENO, k_last_words.data(), k_last_words.size());
      ::_exit(k_exit_stopped);
    }
    asked = true;
    on_first_();
  }
}

}  // namespace offboard
