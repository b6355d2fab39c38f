#pragma once
#include <filesystem>
#include <optional>

#include "intake/complaints.hpp"
#include "intake/job_values.hpp"
#include "model/job.hpp"

namespace offboard {

/// `client_secret`: where the secret is found. A secret that is written into the file itself is refused, and
/// never repeated in a message.
[[nodiscard]] std::optional<SecretSource> read_client_secret(const JobValue& value, JobValues& values,
                                                             Complaints& complaints);

/// `client_certificate`: PEM files; what they are worth is found out at the sign-in. Nothing if it was
/// complained about.
[[nodiscard]] std::optional<ClientCertificate> read_client_certificate(const JobValue& value,
                                                                       JobValues& values,
                                                                       Complaints& complaints);

/// `refresh_token`: always a file, since the token is rewritten. Nothing if it was complained about.
[[nodiscard]] std::optional<std::filesystem::path> read_refresh_token(const JobValue& value,
                                                                      JobValues& values,
                                                                      Complaints& complaints);

}  // namespace offboard
