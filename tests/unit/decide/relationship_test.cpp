#include "facts_for_tests.hpp"

namespace offboard::test {
namespace {

Facts related_by(const std::string& word) {
  auto facts = nothing_there();
  facts.customer.relationship_to_partner = word;
  return facts;
}

bool already_removed(const Facts& facts) {
  return std::holds_alternative<AlreadyRemoved>(decide(listed(), facts, SoftwarePolicy::block));
}

}  // namespace

TEST_CASE("a customer whose relationship is none is already removed, in any letter case") {
  for (const std::string word : {"none", "None", "NONE"}) {
    INFO(word);
    CHECK(already_removed(related_by(word)));
    CHECK(says_no_relationship(related_by(word).customer));
  }
}

TEST_CASE("a customer that is already removed is so whatever else was read") {
  auto facts = related_by("none");
  facts.subscriptions.items = {legacy("active")};
  facts.entitlements.completeness = Completeness::incomplete;
  auto tenant = listed();
  tenant.company_name = "Contoso";
  CHECK(std::holds_alternative<AlreadyRemoved>(decide(tenant, facts, SoftwarePolicy::block)));
}

TEST_CASE("a reseller relationship stands in nothing's way, in any letter case") {
  for (const std::string word : {"reseller", "Reseller", "RESELLER"}) {
    INFO(word);
    CHECK(outcome(listed(), related_by(word)) == "ready");
  }
}

TEST_CASE("any other relationship blocks, and so does a missing one") {
  for (const std::string word : {"advisor", "syndication", "microsoft_support", "unknown", "", " ", "none ",
                                 " none", "null", "resellers", "indirect_reseller"}) {
    INFO("\"" << word << "\"");
    const auto facts = related_by(word);
    CHECK_FALSE(says_no_relationship(facts.customer));
    CHECK(outcome(listed(), facts) == "unrecognized");
    CHECK(blockers(listed(), facts)[0].object_status == word);
  }
}

}  // namespace offboard::test
