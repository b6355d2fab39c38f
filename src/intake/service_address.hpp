#pragma once
#include <string>
#include <string_view>

#include "base/expected.hpp"

namespace offboard {

/// An address as the job file may give it: `https://host[:port][/path]`, or `http` for loopback alone.
/// Returns it without a slash at the end, scheme and host in lower case; or what is wrong with it, without
/// quoting it, since a password may stand in it. Strict, because tokens are sent there: no user info, no
/// query, no fragment, no backslash, no space, and only plain ASCII.
[[nodiscard]] Expected<std::string, std::string> service_address(std::string_view text);

/// A DNS name of at least two labels: `contoso.onmicrosoft.com`.
[[nodiscard]] bool is_domain_name(std::string_view text);

}  // namespace offboard
