#pragma once
#include "base/clock.hpp"
#include "cli/signal_watch.hpp"
#include "http/curl_transport.hpp"
#include "model/job.hpp"
#include "partner_center/client.hpp"
#include "run/stop_request.hpp"
#include "run/thread_workers.hpp"

namespace offboard {

/// The real service at the end of real connections, and signals that can interrupt the wait for it. The
/// members' order matters: the watch goes before what it wakes. `proof` shows that signals were blocked
/// before the first thread was made.
class LiveService {
 public:
  LiveService(const SignalsBlocked& proof, const Job& job, std::size_t threads, const Clock& clock);

  [[nodiscard]] Workers& workers() { return workers_; }
  [[nodiscard]] const StopRequest& stop() const { return stop_; }

 private:
  CurlLibrary curl_;
  Client client_;
  ThreadWorkers workers_;
  StopRequest stop_;
  SignalWatch signal_watch_;
};

}  // namespace offboard
