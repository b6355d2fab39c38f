#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace offboard {

enum class SecondFactor {
  used,        ///< `amr` has `mfa`
  not_claimed  ///< it has not, or there is none
};

/// What an access token says about itself; each text is one line, empty if it is not said. The signature is
/// not looked at: this serves messages, and to stop before harm is done, never to allow anything by itself.
struct Claims {
  std::string tenant;       // tid
  std::string user;         // upn, or another name of the person
  std::string application;  // its name and id, as far as they are given
  SecondFactor second_factor = SecondFactor::not_claimed;
};

/// Nothing if the token is opaque: no JWT, or none that can be read. To the service both are alike.
[[nodiscard]] std::optional<Claims> read_claims(std::string_view token);

}  // namespace offboard
