#pragma once
#include <string>
#include <vector>

#include "model/tenant.hpp"
#include "simulator/world.hpp"

namespace offboard::test {

/// The n-th customer's tenant id.
[[nodiscard]] std::string id_of(int n);
[[nodiscard]] Guid guid_of(int n);

[[nodiscard]] simulator::Field given(std::string text);

/// Customers in the states that matter here. Every one has the n-th id and is called "Customer n".
[[nodiscard]] simulator::Customer ready(int n);
[[nodiscard]] simulator::Customer blocked(int n);          // by an active subscription
[[nodiscard]] simulator::Customer already_removed(int n);  // before the story begins
[[nodiscard]] simulator::Customer with_subscriptions(int n, int count, const std::string& status);

/// A world in which the sign-in of k_refresh_token works and nothing goes wrong.
[[nodiscard]] simulator::World world_of(std::vector<simulator::Customer> customers);
[[nodiscard]] simulator::World ready_world(int count);

inline constexpr const char* k_refresh_token = "refresh-token-0";

/// Answers the first so many matching requests of each customer with that status.
struct Trouble {
  simulator::Kind kind = simulator::Kind::customer;
  int status = 503;
  int first = 0;     // 0: every time
  int customer = 0;  // 0: every customer
  std::string retry_after;
};
[[nodiscard]] simulator::FaultRule fault_of(const Trouble& trouble);
[[nodiscard]] simulator::FaultRule fault_of(simulator::Kind kind, simulator::Fault fault, int first);

[[nodiscard]] ListedTenant listed(int n);

/// Tests that try every step try one in so many under sanitizers, which make each ten times as slow.
[[nodiscard]] int stride();

}  // namespace offboard::test
