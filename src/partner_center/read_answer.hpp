#pragma once
#include <optional>
#include <string_view>

#include "http/url.hpp"
#include "partner_center/ask.hpp"

namespace offboard {

/// Bodies of 200 answers, read. Nothing means "not what was asked for": cut, not JSON, of another shape,
/// about another customer. Keys in any letter case; unknown keys are ignored.

/// What cannot be read is left out, and so is a customer that stands there twice and not the same.
[[nodiscard]] std::optional<CustomerPage> read_customers(std::string_view body, const Url& base);

/// The answer must name the customer that was asked for.
[[nodiscard]] std::optional<Customer> read_customer(std::string_view body, const Guid& tenant);

[[nodiscard]] std::optional<SubscriptionPage> read_subscriptions(std::string_view body, const Url& base,
                                                                 const Guid& tenant);
[[nodiscard]] std::optional<EntitlementPage> read_entitlements(std::string_view body, const Url& base,
                                                               const Guid& tenant);

/// Does the answer to a PATCH say that the relationship is `none` now? The answer does not name the customer
/// (`Id` is null there), so it counts only as the answer to its own request, and one that names another
/// customer not even then.
[[nodiscard]] bool confirms_removal(std::string_view body, const Guid& tenant);

[[nodiscard]] std::optional<Tokens> read_tokens(std::string_view body);
[[nodiscard]] std::optional<DeviceCode> read_device_code(std::string_view body);
[[nodiscard]] std::optional<Invitation> read_invitation(std::string_view body);

}  // namespace offboard
