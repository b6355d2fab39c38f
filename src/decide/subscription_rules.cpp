#include <fmt/format.h>

#include "base/guid.hpp"
#include "base/text.hpp"
#include "decide/rules.hpp"

namespace offboard {
namespace {

/// The product behind every Azure plan, whichever SKU and availability stand after it.
constexpr std::string_view k_azure_plan_product = "DZH318Z0BPS6";

bool is_azure_plan(std::string_view offer_id) {
  if (!starts_with_ignoring_case(offer_id, k_azure_plan_product)) return false;
  return offer_id.size() == k_azure_plan_product.size() || offer_id[k_azure_plan_product.size()] == ':';
}

/// What a status means, in the four columns of the table that differ.
enum class Standing { active, pending, suspended, ended, unknown };

Standing standing_of(std::string_view status) {
  const auto is = [&](std::string_view word) { return equal_ignoring_case(status, word); };
  if (is("active")) return Standing::active;
  if (is("pending")) return Standing::pending;
  if (is("suspended")) return Standing::suspended;
  if (is("disabled") || is("expired") || is("deleted")) return Standing::ended;
  return Standing::unknown;
}

std::string name_of(const Subscription& subscription) {
  for (const auto* name : {&subscription.offer_name, &subscription.friendly_name, &subscription.offer_id}) {
    if (!trim(*name).empty()) return *name;
  }
  return "subscription without a name";
}

Blocker blocker(BlockerCode code, const Subscription& subscription, std::string what_to_do) {
  return {code, subscription.id, name_of(subscription), subscription.status, std::move(what_to_do)};
}

std::string how_to_end(SubscriptionFamily family) {
  switch (family) {
    case SubscriptionFamily::legacy_licence: return "Suspend the subscription.";
    case SubscriptionFamily::azure:
      return "Cancel what runs under it (Azure subscriptions, reservations), then suspend the Azure "
             "subscription or plan.";
    case SubscriptionFamily::new_commerce:
      return "Cancel the subscription (status \"deleted\"); outside its cancellation window it runs to the "
             "end of its term.";
    case SubscriptionFamily::savings_plan:
      return "Cancel the savings plan in the Azure portal, or wait until it ends.";
  }
  return "";
}

}  // namespace

SubscriptionFamily family_of(const Subscription& subscription) {
  const auto& s = subscription;
  if (equal_ignoring_case(s.billing_type, "benefit") || equal_ignoring_case(s.unit_type, "benefit")) {
    return SubscriptionFamily::savings_plan;
  }
  if (is_azure_plan(s.offer_id) || starts_with_ignoring_case(s.offer_id, "MS-AZR-") ||
      equal_ignoring_case(s.billing_type, "usage")) {
    return SubscriptionFamily::azure;
  }
  // Legacy is the family with the milder rule, so it must be proven: only legacy offers have a GUID for an
  // id, and only modern subscriptions carry a product type.
  if (Guid::parse(s.offer_id) && s.product_type.empty()) return SubscriptionFamily::legacy_licence;
  return SubscriptionFamily::new_commerce;
}

std::optional<Blocker> blocker_of(const Subscription& subscription) {
  const auto family = family_of(subscription);
  const auto standing = standing_of(subscription.status);
  if (standing == Standing::ended) return std::nullopt;
  if (standing == Standing::unknown) {
    return blocker(
        BlockerCode::unrecognized, subscription,
        subscription.status.empty()
            ? "The service gave no status; look at the subscription in Partner Center."
            : "This version does not know the status; look at the subscription in Partner Center.");
  }
  if (family == SubscriptionFamily::savings_plan) {
    return blocker(BlockerCode::savings_plan, subscription, how_to_end(family));
  }
  switch (standing) {
    case Standing::active: return blocker(BlockerCode::active_subscription, subscription, how_to_end(family));
    case Standing::pending:
      return blocker(BlockerCode::pending_subscription, subscription,
                     "Wait until the order is through, then end the subscription.");
    case Standing::suspended:
      if (family != SubscriptionFamily::new_commerce) return std::nullopt;
      return blocker(BlockerCode::subscription_not_cancelled, subscription, how_to_end(family));
    case Standing::ended:
    case Standing::unknown: break;
  }
  return std::nullopt;
}

}  // namespace offboard
