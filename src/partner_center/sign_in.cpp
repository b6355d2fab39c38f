#include "partner_center/sign_in.hpp"

#include <fmt/format.h>

#include "http/url.hpp"

namespace offboard {
namespace {

/// The removal needs App+User: everything the application was granted, on behalf of the person.
constexpr std::string_view k_scope = "https://api.partnercenter.microsoft.com/.default";
/// Only with this does a person's sign-in leave a refresh token behind.
constexpr std::string_view k_scope_to_stay =
    "https://api.partnercenter.microsoft.com/.default offline_access";

std::string field(std::string_view name, std::string_view value) {
  return fmt::format("&{}={}", name, url_encoded(value));
}

}  // namespace

std::string sign_in_form(What what, const std::string& client_id, const Credentials& credentials) {
  auto form = "client_id=" + url_encoded(client_id);
  if (what == What::device_code) {
    form += field("scope", k_scope_to_stay);
  } else if (what == What::device_token) {
    form += field("grant_type", "urn:ietf:params:oauth:grant-type:device_code");
    form += field("device_code", credentials.device_code.reveal());
  } else {
    form += field("grant_type", "refresh_token");
    form += field("scope", k_scope);
    form += field("refresh_token", credentials.refresh_token.reveal());
  }
  if (credentials.client_secret) form += field("client_secret", credentials.client_secret->reveal());
  if (credentials.client_assertion) {
    form += field("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    form += field("client_assertion", credentials.client_assertion->reveal());
  }
  return form;
}

}  // namespace offboard
