#include "partner_center/read_error.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "partner_center/json.hpp"

namespace offboard {
namespace {

std::string first_text(const JsonObject& object, std::initializer_list<std::string_view> keys) {
  for (const auto key : keys) {
    if (auto text = object.text(key); !text.empty()) return text;
  }
  return "";
}

/// `AADSTS700082` from `AADSTS700082: The refresh token has expired due to inactivity. …`.
std::string sign_in_code_within(std::string_view description) {
  constexpr std::string_view k_prefix = "AADSTS";
  const auto start = description.find(k_prefix);
  if (start == std::string_view::npos) return "";
  auto end = start + k_prefix.size();
  while (end < description.size() && description[end] >= '0' && description[end] <= '9') ++end;
  return end == start + k_prefix.size() ? "" : std::string(description.substr(start, end - start));
}

/// `invalid_token` from `Bearer realm="x", error="invalid_token"` (RFC 6750 section 3).
std::string code_in_challenge(std::string_view challenge) {
  constexpr std::string_view k_error = " error=\"";
  const auto start = challenge.find(k_error);
  if (start == std::string_view::npos) return "";
  const auto code = challenge.substr(start + k_error.size());
  return std::string(code.substr(0, code.find('"')));
}

void read_object(const JsonObject& root, ServiceError& error) {
  const auto nested = root.object("error");
  const auto& object = nested ? *nested : root;
  error.message = first_text(object, {"description", "message", "error_description", "errorName"});
  error.name = nested ? "" : object.text("error");
  error.code = sign_in_code_within(error.message);
  if (error.code.empty()) error.code = first_text(object, {"code", "error"});
  const auto retryable = object.member("isRetryable");
  bool value = false;
  if (retryable && retryable->get(value) == simdjson::SUCCESS) {
    error.retryable = value ? Retryable::yes : Retryable::no;
  }
}

}  // namespace

ServiceError read_error(const HttpAnswer& answer) {
  ServiceError error;
  JsonDocument document;
  if (const auto root = document.parse_object(answer.body)) {
    read_object(*root, error);
  } else {
    error.is_garbled = trim(without_byte_order_mark(answer.body)).substr(0, 1) == "{";
  }
  if (error.message.empty()) {
    const auto* challenge = answer.header("WWW-Authenticate");
    // For the operator alone: with another status a code decides what the answer means.
    if (answer.status == 401 && error.code.empty() && challenge != nullptr)
      error.code = code_in_challenge(*challenge);
    error.message = challenge != nullptr ? fmt::format("HTTP {}, {}", answer.status, *challenge)
                                         : fmt::format("HTTP {} without an explanation", answer.status);
  }
  return error;
}

}  // namespace offboard
