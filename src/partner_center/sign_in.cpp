#include "partner_center/sign_in.hpp"

#include <fmt/format.h>

#include "http/url.hpp"

namespace offboard {

std::string refresh_form(const std::string& client_id, const Credentials& credentials) {
  constexpr std::string_view k_scope = "https://api.partnercenter.microsoft.com/.default";
  auto form =
      fmt::format("grant_type=refresh_token&client_id={}&scope={}&refresh_token={}", url_encoded(client_id),
                  url_encoded(k_scope), url_encoded(credentials.refresh_token.reveal()));
  if (credentials.client_secret) form += "&client_secret=" + url_encoded(credentials.client_secret->reveal());
  return form;
}

}  // namespace offboard
