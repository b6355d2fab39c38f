#pragma once
#include <vector>

#include "model/decision.hpp"
#include "model/facts.hpp"
#include "model/job.hpp"
#include "model/tenant.hpp"

namespace offboard {

/// May this tenant's reseller relationship be removed, going by these facts? Pure: no I/O, no clock; the age
/// of the facts is the runner's concern. When in doubt, it blocks: an unknown word, a missing field, a short
/// list.
///
/// Source: the "What blocks" tables of the contract, which go back to the portal page "Remove a relationship"
/// (its revision after 2023) rather than to the older developer page.
[[nodiscard]] Decision decide(const ListedTenant& listed, const Facts& facts, SoftwarePolicy software);

/// What one side alone shows of that; the others may be empty in `facts`. For the customer's: whose
/// relationship is not `none`.
[[nodiscard]] std::vector<Blocker> blockers_on(Side side, const ListedTenant& listed, const Facts& facts,
                                               SoftwarePolicy software);

/// The service's word for a customer that is (no longer) ours.
[[nodiscard]] bool says_no_relationship(const Customer& customer);

}  // namespace offboard
