#pragma once
#include <vector>

#include "simulator/call.hpp"
#include "simulator/world.hpp"

namespace offboard::simulator {

struct CustomerListPage {
  Reply reply;
  std::vector<const Customer*> shown;
};

/// A page of the list of all customers, `ours` in the service's order. A page begins after the customer that
/// the request header MS-ContinuationToken names; 400 for a token that is missing or of no page.
[[nodiscard]] CustomerListPage customer_list_page(const World& world,
                                                  const std::vector<const Customer*>& ours,
                                                  const Request& request, const Call& call);

}  // namespace offboard::simulator
