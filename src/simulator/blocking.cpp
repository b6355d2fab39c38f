#include "simulator/blocking.hpp"

#include <fmt/format.h>

#include "base/guid.hpp"
#include "base/text.hpp"

namespace offboard::simulator {
namespace {

bool is(const Field& field, std::string_view word) {
  return field.given() && equal_ignoring_case(field.text, word);
}

bool has_ended(const Subscription& subscription) {
  return is(subscription.status, "deleted") || is(subscription.status, "expired") ||
         is(subscription.status, "disabled");
}

bool is_savings_plan(const Subscription& subscription) {
  return is(subscription.billing_type, "benefit") || is(subscription.unit_type, "benefit");
}

bool is_azure(const Subscription& subscription) {
  const std::string& offer = subscription.offer_id.text;
  return starts_with_ignoring_case(offer, "DZH318Z0BPS6") || starts_with_ignoring_case(offer, "MS-AZR-") ||
         is(subscription.billing_type, "usage") || is(subscription.product_type, "DZH318Z0BPS6");
}

bool is_legacy_licence(const Subscription& subscription) {
  const bool no_product = !subscription.product_type.given() || subscription.product_type.text.empty();
  return no_product && Guid::parse(subscription.offer_id.text).has_value();
}

/// Suspending ends the bills of a legacy licence, and is the documented last step for Azure. Everything newer
/// goes on being billed while suspended.
bool suspending_is_enough(const Subscription& subscription) {
  return !is_savings_plan(subscription) && (is_azure(subscription) || is_legacy_licence(subscription));
}

bool stands_in_the_way(const Subscription& subscription) {
  if (has_ended(subscription)) return false;
  return !is(subscription.status, "suspended") || !suspending_is_enough(subscription);
}

bool stands_in_the_way(const Entitlement& entitlement, SoftwareEntitlements software) {
  return !is(entitlement.type, "software") || software == SoftwareEntitlements::block;
}

}  // namespace

std::vector<std::string> live_blockers(const Customer& customer, SoftwareEntitlements software) {
  std::vector<std::string> blockers;
  for (const auto& subscription : customer.subscriptions) {
    if (stands_in_the_way(subscription))
      blockers.push_back(fmt::format("subscription {} is {}", subscription.id, subscription.status.text));
  }
  for (const auto& entitlement : customer.entitlements) {
    if (stands_in_the_way(entitlement, software))
      blockers.push_back(
          fmt::format("entitlement {} of order {}", entitlement.type.text, entitlement.order_id.text));
  }
  // Nobody has seen what was announced and not delivered, so nobody can say that it is harmless.
  if (customer.announce_extra + customer.announce_extra_entitlements > 0)
    blockers.emplace_back("items announced and not delivered");
  return blockers;
}

}  // namespace offboard::simulator
