#include "cli/live_service.hpp"

#include <memory>

namespace offboard {

LiveService::LiveService(const Job& job, std::size_t threads, const Clock& clock)
    : client_(job.partner_center, job.retry, clock),
      workers_(client_, threads, [] { return std::make_unique<CurlTransport>(); }),
      signal_watch_([this] {
        stop_.ask();
        workers_.wake();
      }) {}

}  // namespace offboard
