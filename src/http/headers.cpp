#include "base/text.hpp"
#include "http/transport.hpp"

namespace offboard {

const std::string* HttpAnswer::header(std::string_view name) const {
  const std::string* found = nullptr;
  for (const auto& header : headers) {
    if (equal_ignoring_case(header.name, name)) found = &header.value;
  }
  return found;
}

std::string_view name_of(TransportFailureKind kind) {
  switch (kind) {
    case TransportFailureKind::not_sent: return "not-sent";
    case TransportFailureKind::not_trusted: return "not-trusted";
    case TransportFailureKind::timeout: return "timeout";
    case TransportFailureKind::cut: return "cut";
    case TransportFailureKind::too_large: return "too-large";
    case TransportFailureKind::cancelled: return "cancelled";
  }
  return "";
}

}  // namespace offboard
