#include "cli/live_service.hpp"

#include <memory>

namespace offboard {

LiveService::LiveService(const SignalsBlocked& /*proof*/, const Job& job, std::size_t threads,
                         const Clock& clock)
    : client_(job.partner_center, job.retry, clock),
      workers_(
          client_, threads,
          [share = std::make_shared<CurlShare>(job.partner_center.ca_file)] {
            return std::make_unique<CurlTransport>(share);
          },
          clock),
      signal_watch_([this] {
        stop_.ask();
        workers_.hold_removals();
        workers_.wake();
      }) {}

}  // namespace offboard
