#include "simulator/fault_reply.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "simulator/answers.hpp"
#include "simulator/json_fields.hpp"

namespace offboard::simulator {
namespace {

/// The service's newer error shape has isRetryable, its older one has not.
Json error_body(const FaultRule& rule) {
  Json body;
  const std::string code = rule.code.value_or(std::to_string(rule.status));
  const std::string description = rule.description.value_or("Simulated failure.");
  body["code"] = code;
  if (rule.code_is_number || (rule.is_retryable && !rule.code)) body["code"] = std::stoll(code);
  if (rule.is_retryable) body["message"] = description;
  body["description"] = description;
  if (rule.is_retryable) {
    body["errorName"] = "SimulatedFailure";
    body["isRetryable"] = *rule.is_retryable;
    body["parameters"] = Json::object();
  } else {
    body["data"] = Json::array();
    body["source"] = "PartnerFD";
  }
  return body;
}

Reply error_reply(const FaultRule& rule) {
  if (rule.body) return json_reply(rule.status, *rule.body);
  const bool gateway = rule.status == 429 && !rule.code && !rule.description && !rule.is_retryable;
  if (gateway) return json_reply(429, gateway_throttle_body(rule.retry_after.value_or("1")));
  return json_reply(rule.status, error_body(rule).dump(-1, ' ', false, Json::error_handler_t::replace));
}

Reply html_reply(int status) {
  return {status,
          {{"Content-Type", "text/html"}},
          "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad "
          "Gateway</h1></center>\r\n</body>\r\n</html>\r\n",
          WireFault::none};
}

/// Sound JSON, no key of which holds what it should.
std::string wrong_types(Kind kind) {
  switch (kind) {
    case Kind::token:
    case Kind::device_code:
      return R"({"token_type":["Bearer"],"expires_in":{},"access_token":42,"refresh_token":null})";
    case Kind::customers:
    case Kind::subscriptions:
    case Kind::entitlements: return R"({"totalCount":"many","items":{"0":null},"links":[],"attributes":7})";
    case Kind::patch: return R"({"Id":null,"RelationshipToPartner":["none"],"Attributes":"Customer"})";
    default: return R"({"id":17,"companyProfile":"none","relationshipToPartner":["reseller"],"links":false})";
  }
}

std::string nested(std::size_t depth) {
  return R"({"items":)" + std::string(depth, '[') + std::string(depth, ']') + "}";
}

/// A sound answer followed by blanks, which JSON allows.
Reply padded(Reply reply, std::uint64_t bytes) {
  reply.padding = bytes - std::min<std::uint64_t>(bytes, reply.body.size());
  return reply;
}

Reply redirection(const FaultRule& rule) {
  const auto location = rule.location.value_or("/v1/redirected");
  return {rule.status, {{"Location", location}}, rule.body.value_or(""), WireFault::none};
}

/// A link as the collections have it, in whatever object the answer is.
Reply with_foreign_next(Reply reply, const FaultRule& rule, const Call& call) {
  const bool marked = reply.body.rfind(k_bom, 0) == 0;
  Json body = Json::parse(marked ? reply.body.substr(k_bom.size()) : reply.body, nullptr, false);
  if (!body.is_object()) return reply;
  Json& next = body["links"]["next"];
  next["uri"] = rule.location.value_or("https://partner-center.invalid") + call.path + "?seekOperation=Next";
  next["method"] = "GET";
  next["headers"] = Json::array({{{"key", "MS-ContinuationToken"}, {"value", "sim-page-elsewhere"}}});
  reply.body = marked ? k_bom : "";
  reply.body += body.dump(-1, ' ', false, Json::error_handler_t::replace);
  return reply;
}

/// A relationship of another kind than `none`, in the spelling of the answer it stands in.
Reply without_none(const Call& call, Reply honest) {
  return call.kind == Kind::patch ? patch_answer("reseller") : std::move(honest);
}

Reply spoiled_content(Reply honest, const FaultRule& rule, const Call& call) {
  constexpr std::size_t k_depth = 100'000;
  switch (rule.fault) {
    case Fault::status: return error_reply(rule);
    case Fault::html_502: return html_reply(502);
    case Fault::empty_200: return json_reply(200, "");
    case Fault::wrong_type: return json_reply(200, wrong_types(call.kind));
    case Fault::deep_json: return json_reply(200, nested(k_depth));
    case Fault::huge_body: return padded(std::move(honest), rule.bytes);
    case Fault::no_none: return without_none(call, std::move(honest));
    case Fault::redirect: return redirection(rule);
    case Fault::foreign_next: return with_foreign_next(std::move(honest), rule, call);
    default: return honest;
  }
}

WireFault wire_fault_of(Fault fault) {
  switch (fault) {
    case Fault::reset_before: return WireFault::reset_before;
    case Fault::reset_after: return WireFault::reset_after;
    case Fault::truncate: return WireFault::truncate;
    case Fault::truncate_without_length: return WireFault::truncate_without_length;
    case Fault::garbage: return WireFault::garbage;
    case Fault::stall: return WireFault::stall;
    case Fault::drip: return WireFault::drip;
    case Fault::close_in_headers: return WireFault::close_in_headers;
    default: return WireFault::none;
  }
}

}  // namespace

Reply spoiled(Reply honest, const FaultRule& rule, const Call& call) {
  Reply reply = spoiled_content(std::move(honest), rule, call);
  reply.wire_fault = wire_fault_of(rule.fault);
  if (rule.retry_after) reply.headers.add("Retry-After", *rule.retry_after);
  return reply;
}

}  // namespace offboard::simulator
