#pragma once
#include <catch2/catch.hpp>
#include <decide/decide.hpp>
#include <string>
#include <variant>
#include <vector>

namespace offboard::test {

inline const std::string k_legacy_offer = "031c9e47-4802-4248-838e-778fb1d2cc05";

inline ListedTenant listed() {
  return {*Guid::parse("11111111-1111-1111-1111-111111111111"), "", "", ""};
}

/// A customer of ours with nothing at all.
inline Facts nothing_there() {
  Facts facts;
  facts.customer.company_name = "Fabrikam, Inc.";
  facts.customer.domain = "fabrikam.onmicrosoft.com";
  facts.customer.relationship_to_partner = "reseller";
  return facts;
}

inline Subscription legacy(const std::string& status) {
  Subscription subscription;
  subscription.id = "sub-legacy";
  subscription.offer_id = k_legacy_offer;
  subscription.offer_name = "Office 365 E3";
  subscription.billing_type = "license";
  subscription.unit_type = "Licenses";
  subscription.status = status;
  return subscription;
}

inline Subscription new_commerce(const std::string& status) {
  auto subscription = legacy(status);
  subscription.id = "sub-nce";
  subscription.offer_id = "CFQ7TTC0LFLX:0001:CFQ7TTC0K0J5";
  subscription.offer_name = "Microsoft 365 E3";
  subscription.product_type = "OnlineServicesNCE";
  return subscription;
}

inline Subscription azure_plan(const std::string& status) {
  Subscription subscription;
  subscription.id = "sub-azure-plan";
  subscription.offer_id = "DZH318Z0BPS6:0001:DZH318Z0BML6";
  subscription.friendly_name = "Azure plan";
  subscription.status = status;
  return subscription;
}

inline Subscription savings_plan(const std::string& status) {
  Subscription subscription;
  subscription.id = "sub-savings";
  subscription.offer_id = "DZH318Z09V6F:0001:DZH318Z09V6F";
  subscription.friendly_name = "Compute savings plan";
  subscription.billing_type = "benefit";
  subscription.unit_type = "benefit";
  subscription.status = status;
  return subscription;
}

inline Entitlement reservation() {
  return {"reservedinstance", "order-1", "DZH318Z0BQ3W", "007J", "virtualmachines"};
}

/// What decide() finds in the way; empty if it says ready. Another decision fails the test.
inline std::vector<Blocker> blockers(const ListedTenant& tenant, const Facts& facts,
                                     SoftwarePolicy software = SoftwarePolicy::block) {
  const auto decision = decide(tenant, facts, software);
  REQUIRE_FALSE(std::holds_alternative<AlreadyRemoved>(decision));
  if (std::holds_alternative<Ready>(decision)) return {};
  const auto found = std::get<Blocked>(decision).blockers;
  REQUIRE_FALSE(found.empty());
  return found;
}

/// The codes of the blockers, joined by a comma; `ready` if there are none.
inline std::string outcome(const ListedTenant& tenant, const Facts& facts,
                           SoftwarePolicy software = SoftwarePolicy::block) {
  std::string text;
  for (const auto& blocker : blockers(tenant, facts, software)) {
    if (!text.empty()) text += ',';
    text += name_of(blocker.code);
  }
  return text.empty() ? "ready" : text;
}

inline std::string outcome_of(const Subscription& subscription) {
  auto facts = nothing_there();
  facts.subscriptions.items = {subscription};
  return outcome(listed(), facts);
}

inline std::string outcome_of(const Entitlement& entitlement,
                              SoftwarePolicy software = SoftwarePolicy::block) {
  auto facts = nothing_there();
  facts.entitlements.items = {entitlement};
  return outcome(listed(), facts, software);
}

}  // namespace offboard::test
