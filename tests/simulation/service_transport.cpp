#include "service_transport.hpp"

#include <stdexcept>

namespace offboard::test {
namespace {

using simulator::WireFault;

constexpr milliseconds k_drip = seconds(5);

std::string name_of(Method method) {
  switch (method) {
    case Method::get: return "GET";
    case Method::post: return "POST";
    case Method::patch: break;
  }
  return "PATCH";
}

simulator::Request on_the_wire(const HttpRequest& request) {
  const auto url = parse_url(request.url);
  if (!url || url->origin() != k_service_address)
    throw std::logic_error("a request leads to another host: " + request.url);
  simulator::Request wire;
  wire.method = name_of(request.method);
  wire.target = url->path + (url->query.empty() ? "" : "?" + url->query);
  wire.headers.add("Host", url->authority);
  for (const auto& header : request.headers) wire.headers.add(header.name, header.value);
  wire.body = request.body;
  return wire;
}

HttpAnswer answer_of(const simulator::Reply& reply) {
  HttpAnswer answer;
  answer.status = reply.status;
  for (const auto& header : reply.headers.all()) answer.headers.push_back({header.name, header.value});
  const auto size = reply.body.size();
  answer.body =
      reply.body.substr(0, reply.wire_fault == WireFault::truncate_without_length ? size / 2 : size);
  return answer;
}

}  // namespace

Expected<HttpAnswer, TransportFailure> ServiceTransport::exchange(const HttpRequest& request) {
  const auto reply = service_.answer(on_the_wire(request), clock_.true_utc());
  extra_ = milliseconds(0);
  switch (reply.wire_fault) {
    case WireFault::none:
    case WireFault::truncate_without_length: break;
    case WireFault::drip: extra_ = k_drip; break;
    case WireFault::stall:
      extra_ = request.timeout;
      return failure(TransportFailure{TransportFailureKind::timeout, "no answer in time"});
    case WireFault::reset_before:
    case WireFault::reset_after:
    case WireFault::truncate:
    case WireFault::garbage:
    case WireFault::close_in_headers:
      return failure(TransportFailure{TransportFailureKind::cut, "the connection broke"});
  }
  auto answer = answer_of(reply);
  if (answer.body.size() + reply.padding > request.max_answer_bytes)
    return failure(TransportFailure{TransportFailureKind::too_large, "the answer is too large"});
  return answer;
}

Carrier carrier_to(simulator::PartnerCenter& service, const Client& client, const VirtualClock& clock) {
  return [&service, &client, &clock](const Ask& ask) {
    ServiceTransport transport(service, clock);
    auto reply = client.perform(ask, transport);
    return Carried{std::move(reply), transport.extra()};
  };
}

}  // namespace offboard::test
