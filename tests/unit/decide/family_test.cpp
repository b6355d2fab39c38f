#include <decide/rules.hpp>

#include "facts_for_tests.hpp"

namespace offboard::test {
namespace {

using F = SubscriptionFamily;

struct Case {
  std::string why;
  std::string offer_id;
  std::string product_type;
  std::string billing_type;
  std::string unit_type;
  F family;
};

const std::vector<Case> k_cases = {
    {"a GUID and no product type", k_legacy_offer, "", "license", "Licenses", F::legacy_licence},
    {"the same in capitals", "031C9E47-4802-4248-838E-778FB1D2CC05", "", "license", "", F::legacy_licence},
    {"legacy without billing type", k_legacy_offer, "", "", "", F::legacy_licence},
    {"legacy with billing type none", k_legacy_offer, "", "none", "none", F::legacy_licence},
    {"a GUID with a product type is not legacy", k_legacy_offer, "OnlineServicesNCE", "license", "",
     F::new_commerce},
    {"a GUID with an unknown product type is not legacy", k_legacy_offer, "given", "", "", F::new_commerce},
    {"a product, SKU and availability", "CFQ7TTC0LFLX:0001:CFQ7TTC0K0J5", "OnlineServicesNCE", "license", "",
     F::new_commerce},
    {"the same without product type", "CFQ7TTC0LFLX:0001:CFQ7TTC0K0J5", "", "", "", F::new_commerce},
    {"no offer id", "", "", "license", "", F::new_commerce},
    {"nothing given", "", "", "", "", F::new_commerce},
    {"nearly a GUID", "031c9e47-4802-4248-838e-778fb1d2cc0", "", "", "", F::new_commerce},
    {"a GUID with something after it", k_legacy_offer + ":0001", "", "", "", F::new_commerce},
    {"the Azure plan's product alone", "DZH318Z0BPS6", "", "", "", F::azure},
    {"the Azure plan with SKU", "DZH318Z0BPS6:0001", "", "", "", F::azure},
    {"the Azure plan with SKU and availability", "DZH318Z0BPS6:0001:DZH318Z0BML6", "Azure", "", "", F::azure},
    {"the Azure plan in small letters", "dzh318z0bps6:0001:dzh318z0bml6", "", "", "", F::azure},
    {"a longer product is another product", "DZH318Z0BPS6X", "", "", "", F::new_commerce},
    {"a longer product with SKU too", "DZH318Z0BPS60:0001", "", "", "", F::new_commerce},
    {"a shorter one too", "DZH318Z0BPS", "", "", "", F::new_commerce},
    {"the plan's product at another place", "CFQ7TTC0LFLX:0001:DZH318Z0BPS6", "", "", "", F::new_commerce},
    {"a legacy Azure offer", "MS-AZR-0145P", "", "usage", "Usage-based", F::azure},
    {"the same, billing type not given", "MS-AZR-0145P", "", "", "", F::azure},
    {"the same in small letters", "ms-azr-0145p", "", "none", "", F::azure},
    {"nearly a legacy Azure offer", "MS-AZRE-0145P", "", "", "", F::new_commerce},
    {"the words at another place", "X-MS-AZR-0145P", "", "", "", F::new_commerce},
    {"billing type usage", "CFQ7TTC0LFLX:0001:CFQ7TTC0K0J5", "Azure", "usage", "", F::azure},
    {"billing type usage, a GUID for an offer", k_legacy_offer, "", "Usage", "", F::azure},
    {"unit type usage-based alone is not enough", "CFQ7TTC0LFLX:0001", "", "", "Usage-based",
     F::new_commerce},
    {"billing type benefit", "DZH318Z09V6F:0001", "", "benefit", "", F::savings_plan},
    {"unit type benefit", "DZH318Z09V6F:0001", "", "", "benefit", F::savings_plan},
    {"benefit in capitals", "DZH318Z09V6F:0001", "", "Benefit", "BENEFIT", F::savings_plan},
    {"benefit beats the Azure plan's product", "DZH318Z0BPS6:0001", "", "benefit", "", F::savings_plan},
    {"benefit beats billing type usage", "MS-AZR-0145P", "", "usage", "Benefit", F::savings_plan},
    {"benefit beats a GUID", k_legacy_offer, "", "benefit", "", F::savings_plan},
    {"benefits are no benefit", "DZH318Z09V6F:0001", "", "benefits", "", F::new_commerce},
};

}  // namespace

TEST_CASE(
    "a subscription belongs to the family that the contract's rules give, the milder one only when proven") {
  for (const auto& c : k_cases) {
    INFO(c.why);
    Subscription subscription;
    subscription.offer_id = c.offer_id;
    subscription.product_type = c.product_type;
    subscription.billing_type = c.billing_type;
    subscription.unit_type = c.unit_type;
    CHECK(family_of(subscription) == c.family);
  }
}

TEST_CASE("when it is suspended, a subscription of unknown make must be cancelled") {
  Subscription unknown;
  unknown.status = "suspended";
  CHECK(outcome_of(unknown) == "subscription-not-cancelled");
}

TEST_CASE("a GUID offer with a product type blocks while it is merely suspended") {
  auto subscription = legacy("suspended");
  CHECK(outcome_of(subscription) == "ready");
  subscription.product_type = "OnlineServicesNCE";
  CHECK(outcome_of(subscription) == "subscription-not-cancelled");
}

}  // namespace offboard::test
