#include "decide/decide.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/text.hpp"
#include "decide/rules.hpp"

namespace offboard {
namespace {

Blocker mismatch(std::string_view field, const std::string& expected, const std::string& found) {
  const std::string shown = found.empty() ? "nothing" : fmt::format("\"{}\"", found);
  return {BlockerCode::identity_mismatch, std::string(field),
          fmt::format("the list expects \"{}\", the service says {}", expected, shown), found,
          "Make sure that the GUID is the customer you mean, then correct the list."};
}

bool has_domain(const Customer& customer, std::string_view expected) {
  const auto is_it = [&](const std::string& domain) { return same_name(domain, expected); };
  return is_it(customer.domain) ||
         std::any_of(customer.custom_domains.begin(), customer.custom_domains.end(), is_it);
}

void check_identity(const ListedTenant& listed, const Customer& customer, std::vector<Blocker>& blockers) {
  if (!listed.company_name.empty() && !same_name(listed.company_name, customer.company_name)) {
    blockers.push_back(mismatch("company_name", listed.company_name, customer.company_name));
  }
  if (!listed.domain.empty() && !has_domain(customer, listed.domain)) {
    blockers.push_back(mismatch("domain", listed.domain, customer.domain));
  }
}

void check_relationship(const Customer& customer, std::vector<Blocker>& blockers) {
  if (equal_ignoring_case(customer.relationship_to_partner, "reseller")) return;
  blockers.push_back(
      {BlockerCode::unrecognized, "relationshipToPartner", "relationship to partner",
       customer.relationship_to_partner,
       "Only a reseller relationship is removed here; look at the customer in Partner Center."});
}

template <typename Item>
void check_completeness(std::string_view what, const Collection<Item>& collection,
                        std::vector<Blocker>& blockers) {
  if (collection.completeness == Completeness::complete) return;
  blockers.push_back({BlockerCode::incomplete_answer, std::string(what), collection.shortfall, "",
                      "Run the job again; if it stays, look at the customer in Partner Center."});
}

/// What came with a blocked entitlement goes with it; what came with one that is let pass must be let pass
/// itself.
void check_entitlement(const Entitlement& entitlement, SoftwarePolicy software,
                       std::vector<Blocker>& blockers) {
  if (auto found = blocker_of(entitlement, software)) {
    blockers.push_back(std::move(*found));
    return;
  }
  for (const auto& part : entitlement.included) check_entitlement(part, software, blockers);
}

}  // namespace

bool says_no_relationship(const Customer& customer) {
  return equal_ignoring_case(customer.relationship_to_partner, "none");
}

std::vector<Blocker> blockers_on(Side side, const ListedTenant& listed, const Facts& facts,
                                 SoftwarePolicy software) {
  std::vector<Blocker> blockers;
  switch (side) {
    case Side::customer:
      check_identity(listed, facts.customer, blockers);
      check_relationship(facts.customer, blockers);
      break;
    case Side::subscriptions:
      check_completeness(name_of(side), facts.subscriptions, blockers);
      for (const auto& subscription : facts.subscriptions.items) {
        if (auto found = blocker_of(subscription)) blockers.push_back(std::move(*found));
      }
      break;
    case Side::entitlements:
      check_completeness(name_of(side), facts.entitlements, blockers);
      for (const auto& entitlement : facts.entitlements.items)
        check_entitlement(entitlement, software, blockers);
      break;
  }
  for (auto& blocker : blockers) blocker.side = side;
  return blockers;
}

Decision decide(const ListedTenant& listed, const Facts& facts, SoftwarePolicy software) {
  if (says_no_relationship(facts.customer)) return AlreadyRemoved{};
  std::vector<Blocker> blockers;
  for (const auto side : k_all_sides) {
    auto found = blockers_on(side, listed, facts, software);
    std::move(found.begin(), found.end(), std::back_inserter(blockers));
  }
  if (blockers.empty()) return Ready{};
  return Blocked{std::move(blockers)};
}

}  // namespace offboard
