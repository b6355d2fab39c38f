#include "simulator/call.hpp"

#include <algorithm>
#include <vector>

#include "base/text.hpp"

namespace offboard::simulator {
namespace {

using Segments = std::vector<std::string_view>;

Segments segments_of(std::string_view path) {
  Segments segments;
  if (path.empty() || path.front() != '/') return segments;
  path.remove_prefix(1);
  if (!path.empty() && path.back() == '/') path.remove_suffix(1);
  while (true) {
    const auto slash = path.find('/');
    segments.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return segments;
    path.remove_prefix(slash + 1);
  }
}

void understand_sign_in(Call& call, const Segments& segments) {
  if (call.method != "POST" || segments.size() != 4 || segments[0].empty()) return;
  if (segments[1] != "oauth2" || segments[2] != "v2.0") return;
  call.tenant = segments[0];
  if (segments[3] == "token") call.kind = Kind::token;
  if (segments[3] == "devicecode") call.kind = Kind::device_code;
}

Kind kind_of_customer_address(std::string_view method) {
  if (method == "GET") return Kind::customer;
  if (method == "PATCH") return Kind::patch;
  return method == "DELETE" ? Kind::purge : Kind::other;
}

void understand_customer(Call& call, const Segments& segments) {
  if (segments.size() < 2 || segments[0] != "v1" || segments[1] != "customers") return;
  if (segments.size() == 2) {
    if (call.method == "GET") call.kind = Kind::customers;
    return;
  }
  if (segments[2].empty()) return;
  if (segments.size() == 3 && equal_ignoring_case(segments[2], "relationshiprequests")) {
    if (call.method == "GET") call.kind = Kind::relationshiprequests;
    return;
  }
  call.customer = to_lower(segments[2]);
  if (segments.size() == 3) call.kind = kind_of_customer_address(call.method);
  if (segments.size() != 4 || call.method != "GET") return;
  if (equal_ignoring_case(segments[3], "subscriptions")) call.kind = Kind::subscriptions;
  if (equal_ignoring_case(segments[3], "entitlements")) call.kind = Kind::entitlements;
}

}  // namespace

std::string_view name_of(Kind kind) {
  const auto found =
      std::find_if(k_kinds.begin(), k_kinds.end(), [&](const auto& entry) { return entry.second == kind; });
  return found == k_kinds.end() ? std::string_view("other") : found->first;
}

Call understand(const Request& request) {
  Call call;
  call.method = request.method;
  call.target = request.target;
  const auto question = std::min(request.target.find('?'), request.target.size());
  call.path = request.target.substr(0, question);
  call.query = request.target.substr(std::min(question + 1, request.target.size()));
  call.request_id = request.headers.find("MS-RequestId").value_or("");
  call.correlation_id = request.headers.find("MS-CorrelationId").value_or("");
  const Segments segments = segments_of(call.path);
  understand_sign_in(call, segments);
  if (call.kind == Kind::other) understand_customer(call, segments);
  return call;
}

bool is_sign_in(Kind kind) {
  return kind == Kind::token || kind == Kind::device_code;
}

}  // namespace offboard::simulator
