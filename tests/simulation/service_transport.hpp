#pragma once
#include "http/transport.hpp"
#include "partner_center/client.hpp"
#include "simulated_workers.hpp"
#include "simulator/partner_center.hpp"

namespace offboard::test {

/// The only host there is.
inline constexpr const char* k_service_address = "http://127.0.0.1:8080";

/// Carries HTTP to a simulated service that is a plain object, and shows what the wire would make of its
/// replies.
class ServiceTransport final : public Transport {
 public:
  ServiceTransport(simulator::PartnerCenter& service, const VirtualClock& clock)
      : service_(service), clock_(clock) {}

  /// Throws std::logic_error for a request to any other host: a token would have left with it.
  [[nodiscard]] Expected<HttpAnswer, TransportFailure> exchange(const HttpRequest& request) override;
  void cancel() override {}

  /// How much longer than usual the last exchange took.
  [[nodiscard]] milliseconds extra() const { return extra_; }

 private:
  simulator::PartnerCenter& service_;
  const VirtualClock& clock_;
  milliseconds extra_{0};
};

/// The program's own client in front of that service.
[[nodiscard]] Carrier carrier_to(simulator::PartnerCenter& service, const Client& client,
                                 const VirtualClock& clock);

}  // namespace offboard::test
