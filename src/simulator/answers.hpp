#pragma once
#include <string>
#include <string_view>

#include "simulator/call.hpp"
#include "simulator/throttle.hpp"
#include "simulator/world.hpp"

namespace offboard::simulator {

/// The service writes error codes both as JSON numbers and as strings.
enum class CodeForm { number, string };

/// An error body of the documented shape: code, description, data, source.
[[nodiscard]] Reply refusal(int status, std::string_view code, CodeForm form, std::string_view description);

[[nodiscard]] Reply no_relationship();
[[nodiscard]] Reply not_found();
[[nodiscard]] Reply unauthorized();

/// The customer as GET gives it.
[[nodiscard]] Reply customer_answer(const Customer& customer, std::string_view relationship);
[[nodiscard]] std::string relationship_of(const Customer& customer);

/// What the PATCH answers, byte for byte as documented: PascalCase, explicit nulls, no name of the customer.
[[nodiscard]] Reply patch_answer(std::string_view relationship);

[[nodiscard]] Reply relationship_request_answer();

/// A gateway's 429. The wait is rounded up to a whole second.
[[nodiscard]] Reply throttled_answer(const ThrottleRefusal& refusal, UtcTime now);
[[nodiscard]] std::string gateway_throttle_body(std::string_view seconds);

/// What is left, in the headers that the rule is for.
void tell(const QuotaLeft& left, UtcTime now, Headers& headers);

inline constexpr std::string_view k_bom = "\xEF\xBB\xBF";

}  // namespace offboard::simulator
