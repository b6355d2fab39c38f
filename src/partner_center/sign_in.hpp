#pragma once
#include <string>

#include "partner_center/ask.hpp"

namespace offboard {

/// The form of a refresh-token grant against the v2 endpoint (RFC 6749 section 6). It holds secrets.
[[nodiscard]] std::string refresh_form(const std::string& client_id, const Credentials& credentials);

}  // namespace offboard
