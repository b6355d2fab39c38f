#pragma once
#include "partner_center/ask.hpp"
#include "partner_center/read_error.hpp"

namespace offboard {

/// Reads an answer of the API other than 200. The same number means different things here and there (3000 is
/// "invalid property" as well as "no relationship"), so status, code and text are looked at together.
[[nodiscard]] Verdict classify(int status, const ServiceError& error);

/// The same for the sign-in service, where `refused` means that somebody must sign in again.
[[nodiscard]] Verdict classify_sign_in(int status, const ServiceError& error);

[[nodiscard]] ServiceHealth health_behind(int status);

}  // namespace offboard
