#pragma once
#include <string>
#include <string_view>

#include "base/expected.hpp"
#include "base/guid.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "partner_center/ask.hpp"

namespace offboard {

/// The RSA key in `key_pem` with the thumbprint of its certificate, which stands somewhere in
/// `certificates_pem`. The failure is a sentence that holds no part of either.
[[nodiscard]] Expected<ClientKey, std::string> client_key(const std::string& certificates_pem,
                                                          Secret key_pem);

/// What an application signs to prove that it is itself (RFC 7523, and "Microsoft identity platform
/// application authentication certificate credentials"): PS256, x5t#S256, good for a few minutes around `now`
/// and at the sign-in address `audience` alone. `id` must be another one each time.
[[nodiscard]] Secret client_assertion(const ClientKey& key, const std::string& client_id,
                                      const std::string& audience, const Guid& id, UtcTime now);

}  // namespace offboard
