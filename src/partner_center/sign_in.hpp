#pragma once
#include <string>

#include "partner_center/ask.hpp"

namespace offboard {

/// The form that goes with a question to the v2 sign-in service: a refresh-token grant (RFC 6749 section 6),
/// or the two halves of a device authorization (RFC 8628), each with the client's proof of itself if it has
/// one (RFC 6749 section 2.3, RFC 7523 section 2.2). It holds secrets.
[[nodiscard]] std::string sign_in_form(What what, const std::string& client_id,
                                       const Credentials& credentials);

}  // namespace offboard
