#include <decide/recheck.hpp>

#include "facts_for_tests.hpp"

namespace offboard::test {
namespace {

const UtcTime k_now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23);

Blocker seen_on(std::optional<Side> side, const std::string& id,
                BlockerCode code = BlockerCode::unrecognized) {
  return {code, id, "name", "status", "do something", side};
}

std::optional<FullCheck> checked(milliseconds ago, const std::string& terms = "terms") {
  return FullCheck{k_now - ago, terms};
}

std::optional<Side> chosen(const std::vector<Blocker>& recorded,
                           const std::optional<FullCheck>& last = checked(std::chrono::hours(1))) {
  return side_to_recheck(recorded, last, "terms", k_now);
}

std::vector<std::string> ids(const std::vector<Blocker>& blockers) {
  std::vector<std::string> result;
  for (const auto& blocker : blockers) result.push_back(blocker.object_id);
  return result;
}

}  // namespace

TEST_CASE("a blocker says on which side it was seen") {
  auto facts = nothing_there();
  facts.customer.relationship_to_partner = "advisor";
  facts.subscriptions.items = {legacy("active")};
  facts.entitlements.completeness = Completeness::incomplete;
  const auto found = blockers(listed(), facts);
  REQUIRE(found.size() == 3);
  CHECK(found[0].side == Side::customer);
  CHECK(found[1].side == Side::subscriptions);
  CHECK(found[2].side == Side::entitlements);
}

TEST_CASE("one side's blockers are those of that side alone") {
  auto tenant = listed();
  tenant.company_name = "Contoso";
  auto facts = nothing_there();
  facts.subscriptions.items = {legacy("active")};
  facts.entitlements.items = {{"software", "order-2", "DG7GMGF0FKZV", "0003", ""}};
  CHECK(blockers_on(Side::customer, tenant, facts, SoftwarePolicy::block).size() == 1);
  CHECK(blockers_on(Side::subscriptions, tenant, facts, SoftwarePolicy::block).size() == 1);
  CHECK(blockers_on(Side::entitlements, tenant, facts, SoftwarePolicy::block).size() == 1);
  CHECK(blockers_on(Side::entitlements, tenant, facts, SoftwarePolicy::ignore).empty());
}

TEST_CASE("a blocked tenant is looked at again from a side that blocked it, the most lasting one first") {
  CHECK(chosen({seen_on(Side::subscriptions, "s")}) == Side::subscriptions);
  CHECK(chosen({seen_on(Side::customer, "c")}) == Side::customer);
  CHECK(chosen({seen_on(Side::customer, "c"), seen_on(Side::subscriptions, "s")}) == Side::subscriptions);
  CHECK(chosen({seen_on(Side::subscriptions, "s"), seen_on(Side::entitlements, "e")}) == Side::entitlements);
}

TEST_CASE("everything is read when it is not known which side blocked, or nothing is recorded") {
  CHECK_FALSE(chosen({}).has_value());
  CHECK_FALSE(chosen({seen_on(std::nullopt, "old"), seen_on(Side::subscriptions, "s")}).has_value());
}

TEST_CASE("everything is read once a week") {
  const std::vector<Blocker> recorded{seen_on(Side::subscriptions, "s")};
  constexpr auto k_week = std::chrono::days(7);
  CHECK(chosen(recorded, checked(k_week - milliseconds(1))).has_value());
  CHECK_FALSE(chosen(recorded, checked(k_week)).has_value());
  CHECK_FALSE(chosen(recorded, std::nullopt).has_value());
}

TEST_CASE("a full check that was noted by a clock that ran ahead counts for nothing") {
  CHECK_FALSE(chosen({seen_on(Side::subscriptions, "s")}, checked(-milliseconds(1))).has_value());
}

TEST_CASE("everything is read when the list or the policy says something else than at the last full check") {
  CHECK_FALSE(
      chosen({seen_on(Side::subscriptions, "s")}, checked(std::chrono::hours(1), "other")).has_value());
  auto tenant = listed();
  const auto terms = terms_of(tenant, SoftwarePolicy::block);
  CHECK(terms_of(tenant, SoftwarePolicy::ignore) != terms);
  tenant.company_name = "Fabrikam, Inc.";
  const auto named = terms_of(tenant, SoftwarePolicy::block);
  CHECK(named != terms);
  tenant.note = "a note decides nothing";
  CHECK(terms_of(tenant, SoftwarePolicy::block) == named);
  tenant.domain = "fabrikam.com";
  CHECK(terms_of(tenant, SoftwarePolicy::block) != named);
}

TEST_CASE("what one side shows takes the place of what it showed, and the other sides' stays") {
  const std::vector<Blocker> recorded{seen_on(Side::customer, "c"), seen_on(Side::subscriptions, "s1"),
                                      seen_on(Side::subscriptions, "s2"), seen_on(Side::entitlements, "e")};
  const std::vector<Blocker> found{seen_on(Side::subscriptions, "s3")};
  CHECK(ids(with_side_replaced(Side::subscriptions, found, recorded)) ==
        std::vector<std::string>{"c", "s3", "e"});
}

}  // namespace offboard::test
