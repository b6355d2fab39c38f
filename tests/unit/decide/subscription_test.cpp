#include "facts_for_tests.hpp"

namespace offboard::test {
namespace {

/// Every subscription of a family that the tests know, with a status.
struct Family {
  std::string name;
  std::vector<Subscription> members;
};

Subscription with_offer(Subscription subscription, const std::string& offer,
                        const std::string& product_type) {
  subscription.offer_id = offer;
  subscription.product_type = product_type;
  return subscription;
}

std::vector<Family> families(const std::string& status) {
  auto usage = new_commerce(status);
  usage.billing_type = "usage";
  return {{"legacy licence", {legacy(status)}},
          {"new commerce, marketplace, software",
           {new_commerce(status), with_offer(new_commerce(status), "DZH318Z08WZ1:0001:DZH318Z08WZ2", "SaaS"),
            with_offer(new_commerce(status), "DG7GMGF0FKZV:0003:DG7GMGF0DQLM", "Software")}},
          {"Azure", {azure_plan(status), with_offer(legacy(status), "MS-AZR-0145P", ""), usage}},
          {"savings plan", {savings_plan(status)}}};
}

struct Row {
  std::string status;
  std::vector<std::string> outcomes;  // in the order of families()
};

/// The contract's table of status and family.
const std::vector<Row> k_table = {
    {"active", {"active-subscription", "active-subscription", "active-subscription", "savings-plan"}},
    {"pending", {"pending-subscription", "pending-subscription", "pending-subscription", "savings-plan"}},
    {"suspended", {"ready", "subscription-not-cancelled", "ready", "savings-plan"}},
    {"disabled", {"ready", "ready", "ready", "ready"}},
    {"expired", {"ready", "ready", "ready", "ready"}},
    {"deleted", {"ready", "ready", "ready", "ready"}},
    {"none", {"unrecognized", "unrecognized", "unrecognized", "unrecognized"}},
    {"", {"unrecognized", "unrecognized", "unrecognized", "unrecognized"}},
    {"warned", {"unrecognized", "unrecognized", "unrecognized", "unrecognized"}},
};

std::string upper(std::string text) {
  for (auto& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

std::string capitalised(const std::string& text) {
  return text.empty() ? text : upper(text.substr(0, 1)) + text.substr(1);
}

}  // namespace

TEST_CASE("every status of every family blocks or not as the contract's table says, in any letter case") {
  for (const auto& row : k_table) {
    for (const auto& status : {row.status, upper(row.status), capitalised(row.status)}) {
      const auto all = families(status);
      REQUIRE(row.outcomes.size() == all.size());
      for (std::size_t i = 0; i < all.size(); ++i) {
        for (const auto& subscription : all[i].members) {
          INFO(all[i].name << ", " << subscription.offer_id << ", \"" << status << "\"");
          CHECK(outcome_of(subscription) == row.outcomes[i]);
        }
      }
    }
  }
}

TEST_CASE("a status that nearly is a known one is not known") {
  for (const std::string status : {" deleted", "deleted ", "delete", "deletedd", "suspended,deleted", "0",
                                   "true", "cancelled", "canceled", "inactive", "d\xC3\xA9leted"}) {
    INFO(status);
    CHECK(outcome_of(legacy(status)) == "unrecognized");
    CHECK(outcome_of(new_commerce(status)) == "unrecognized");
    CHECK(outcome_of(azure_plan(status)) == "unrecognized");
    CHECK(outcome_of(savings_plan(status)) == "unrecognized");
  }
}

TEST_CASE("a suspended new-commerce subscription blocks until it is cancelled") {
  CHECK(outcome_of(new_commerce("suspended")) == "subscription-not-cancelled");
  CHECK(outcome_of(new_commerce("deleted")) == "ready");
}

TEST_CASE("a customer with nothing at all is ready") {
  CHECK(outcome(listed(), nothing_there()) == "ready");
}

TEST_CASE("a subscription of which nothing is given blocks as unrecognized and still has a name") {
  auto facts = nothing_there();
  facts.subscriptions.items = {Subscription{}};
  const auto found = blockers(listed(), facts);
  REQUIRE(found.size() == 1);
  CHECK(found[0].code == BlockerCode::unrecognized);
  CHECK_FALSE(found[0].object_name.empty());
  CHECK_FALSE(found[0].what_to_do.empty());
}

TEST_CASE(
    "a blocker names the subscription by its offer, else the customer's name for it, else the offer's id") {
  auto facts = nothing_there();
  facts.subscriptions.items = {legacy("active"), legacy("active"), legacy("active")};
  facts.subscriptions.items[1].offer_name = " ";
  facts.subscriptions.items[1].friendly_name = "our mail";
  facts.subscriptions.items[2].offer_name = "";
  const auto found = blockers(listed(), facts);
  REQUIRE(found.size() == 3);
  CHECK(found[0].object_name == "Office 365 E3");
  CHECK(found[1].object_name == "our mail");
  CHECK(found[2].object_name == k_legacy_offer);
}

}  // namespace offboard::test
