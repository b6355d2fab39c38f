#include "worlds.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace offboard::test {
namespace {

simulator::Subscription subscription(int number, const std::string& status) {
  simulator::Subscription subscription;
  subscription.id = fmt::format("5b5c0000-0000-4000-8000-{:012x}", number);
  subscription.offer_id = given("0d4a0000-0000-4000-8000-000000000001");  // a legacy licence
  subscription.offer_name = given("Licences");
  subscription.status = given(status);
  subscription.billing_type = given("license");
  subscription.unit_type = given("licenses");
  subscription.order_id = given(fmt::format("order-{}", number));
  return subscription;
}

}  // namespace

simulator::Field given(std::string text) {
  return {simulator::Field::Presence::given, std::move(text)};
}

std::string id_of(int n) {
  return fmt::format("a0000000-0000-4000-8000-{:012x}", n);
}

Guid guid_of(int n) {
  return Guid::parse(id_of(n)).value();
}

simulator::Customer with_subscriptions(int n, int count, const std::string& status) {
  simulator::Customer customer;
  customer.id = id_of(n);
  customer.company_name = given(fmt::format("Customer {}", n));
  customer.domain = given(fmt::format("customer{}.onmicrosoft.com", n));
  customer.relationship = given("reseller");
  for (int i = 1; i <= count; ++i) customer.subscriptions.push_back(subscription(i, status));
  return customer;
}

simulator::Customer ready(int n) {
  return with_subscriptions(n, 1, "suspended");
}

simulator::Customer blocked(int n) {
  return with_subscriptions(n, 1, "active");
}

simulator::Customer already_removed(int n) {
  auto customer = ready(n);
  customer.relationship = given("none");
  return customer;
}

simulator::World world_of(std::vector<simulator::Customer> customers) {
  simulator::World world;
  world.customers = std::move(customers);
  world.sign_in.refresh_token = k_refresh_token;
  return world;
}

simulator::World ready_world(int count) {
  std::vector<simulator::Customer> customers;
  for (int n = 1; n <= count; ++n) customers.push_back(ready(n));
  return world_of(std::move(customers));
}

simulator::FaultRule fault_of(const Trouble& trouble) {
  simulator::FaultRule rule;
  rule.match.kind = trouble.kind;
  if (trouble.customer != 0) rule.match.customer = id_of(trouble.customer);
  rule.first = trouble.first;
  rule.status = trouble.status;
  if (!trouble.retry_after.empty()) rule.retry_after = trouble.retry_after;
  return rule;
}

simulator::FaultRule fault_of(simulator::Kind kind, simulator::Fault fault, int first) {
  simulator::FaultRule rule;
  rule.match.kind = kind;
  rule.fault = fault;
  rule.first = first;
  return rule;
}

int stride() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing here changes the environment.
  return std::getenv("OFFBOARD_SANITIZED") == nullptr ? 1 : 7;
}

ListedTenant listed(int n) {
  return {guid_of(n), fmt::format("Customer {}", n), "", fmt::format("ticket {}", n)};
}

}  // namespace offboard::test
