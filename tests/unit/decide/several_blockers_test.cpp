#include "facts_for_tests.hpp"

namespace offboard::test {

TEST_CASE("a collection of which something is missing blocks, even if nothing in it does") {
  auto facts = nothing_there();
  facts.subscriptions.completeness = Completeness::incomplete;
  facts.subscriptions.shortfall = "36 of 37 are missing";
  CHECK(outcome(listed(), facts) == "incomplete-answer");
  CHECK(blockers(listed(), facts)[0].object_id == "subscriptions");
  CHECK_THAT(blockers(listed(), facts)[0].object_name, Catch::Contains("36 of 37 are missing"));
  facts.entitlements.completeness = Completeness::incomplete;
  CHECK(outcome(listed(), facts) == "incomplete-answer,incomplete-answer");
  facts.subscriptions.completeness = Completeness::complete;
  CHECK(outcome(listed(), facts) == "incomplete-answer");
  CHECK(blockers(listed(), facts)[0].object_id == "entitlements");
}

TEST_CASE(
    "everything that stands in the way is reported at once, identity first, then as the service has it") {
  auto tenant = listed();
  tenant.company_name = "Contoso";
  auto facts = nothing_there();
  facts.customer.relationship_to_partner = "advisor";
  facts.subscriptions.completeness = Completeness::incomplete;
  facts.subscriptions.items = {savings_plan("suspended"), legacy("suspended"), new_commerce("Suspended"),
                               azure_plan("active"),      legacy("deleted"),   legacy("pending"),
                               new_commerce("warned")};
  facts.entitlements.items = {{"software", "order-2", "DG7GMGF0FKZV", "0003", ""}, reservation()};
  CHECK(outcome(tenant, facts) ==
        "identity-mismatch,unrecognized,incomplete-answer,savings-plan,subscription-not-cancelled,"
        "active-subscription,pending-subscription,unrecognized,software,reserved-instance");
  CHECK(outcome(tenant, facts, SoftwarePolicy::ignore) ==
        "identity-mismatch,unrecognized,incomplete-answer,savings-plan,subscription-not-cancelled,"
        "active-subscription,pending-subscription,unrecognized,reserved-instance");
}

TEST_CASE("each blocker carries the object's id, name and the service's own word for its status") {
  auto facts = nothing_there();
  facts.subscriptions.items = {savings_plan("Suspended"), new_commerce("suspended"), azure_plan("ACTIVE"),
                               legacy("pending")};
  const auto found = blockers(listed(), facts);
  REQUIRE(found.size() == 4);
  const std::vector<std::vector<std::string>> expected = {
      {"sub-savings", "Compute savings plan", "Suspended"},
      {"sub-nce", "Microsoft 365 E3", "suspended"},
      {"sub-azure-plan", "Azure plan", "ACTIVE"},
      {"sub-legacy", "Office 365 E3", "pending"},
  };
  for (std::size_t i = 0; i < found.size(); ++i) {
    INFO(i);
    CHECK(std::vector{found[i].object_id, found[i].object_name, found[i].object_status} == expected[i]);
    CHECK_FALSE(found[i].what_to_do.empty());
  }
}

TEST_CASE("a blocker's advice fits its family: legacy and Azure are suspended, new commerce is cancelled") {
  auto facts = nothing_there();
  facts.subscriptions.items = {legacy("active"), azure_plan("active"), new_commerce("active")};
  const auto found = blockers(listed(), facts);
  REQUIRE(found.size() == 3);
  CHECK_THAT(found[0].what_to_do, Catch::Contains("Suspend"));
  CHECK_THAT(found[1].what_to_do, Catch::Contains("suspend"));
  CHECK_THAT(found[2].what_to_do, Catch::Contains("Cancel") && !Catch::Contains("uspend"));
}

TEST_CASE("the same facts give the same decision again") {
  auto facts = nothing_there();
  facts.subscriptions.items = {legacy("active"), new_commerce("suspended")};
  CHECK(blockers(listed(), facts) == blockers(listed(), facts));
}

}  // namespace offboard::test
