#pragma once
#include <filesystem>
#include <string>

#include "base/expected.hpp"
#include "base/secret.hpp"
#include "model/job.hpp"
#include "partner_center/ask.hpp"

namespace offboard {

/// Reads the refresh token, and the client's secret or key, from where the job says they are. The failure is
/// a sentence for the operator and holds no secret. May run a program and wait for it (half a minute at
/// most).
[[nodiscard]] Expected<Credentials, std::string> load_credentials(const PartnerCenterSettings& settings);

/// The client's secret or key alone, for a sign-in that has no refresh token yet; neither for a public
/// client.
[[nodiscard]] Expected<Credentials, std::string> load_client_proof(const PartnerCenterSettings& settings);

/// The refresh token alone.
[[nodiscard]] Expected<Secret, std::string> load_refresh_token(const std::filesystem::path& file);

/// Keeps the refresh token that the service gave in exchange for the last one: whole or not at all, mode
/// 0600. Throws MachineTrouble; then the file holds the old token.
void store_refresh_token(const std::filesystem::path& file, const Secret& token);

}  // namespace offboard
