#pragma once
#include <optional>
#include <string>

#include "http/transport.hpp"

namespace offboard {

enum class Retryable { yes, no };

/// What an answer other than 200 says about itself. The texts are the service's own, however long.
struct ServiceError {
  std::string code;  // "20002", "AADSTS700082", "invalid_grant"; empty if none was given
  std::string name;  // the sign-in service's word of RFC 6749 and 8628, beside a code of its own
  std::string message;
  std::optional<Retryable> retryable;
  bool is_garbled = false;  // begins as JSON and is none: cut, most likely
};

/// Reads every error shape the service is known to send: {code, description} with the code as text or number,
/// {code, message, isRetryable}, {statusCode, message} from the gateway, {error, error_description} from the
/// sign-in service, {error: {code, message}}, and bodies that are empty or not JSON.
[[nodiscard]] ServiceError read_error(const HttpAnswer& answer);

}  // namespace offboard
