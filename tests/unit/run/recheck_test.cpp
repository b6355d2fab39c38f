#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "night.hpp"

namespace offboard::test {
namespace {

using simulator::Kind;

constexpr auto k_day = std::chrono::hours(24);

simulator::Customer with_reservation(simulator::Customer customer) {
  customer.entitlements.push_back({given("reservedinstance"), given("order-1"), {}, {}, {}, 1});
  return customer;
}

simulator::Customer with_software(simulator::Customer customer) {
  customer.entitlements.push_back({given("software"), given("order-2"), {}, {}, {}, 1});
  return customer;
}

/// How often each kind was read by the n-th customer's tenant in one more run, as "customer/subscriptions/…".
std::string reads_of_next_run(Night& night, int n, int due, Mode mode = Mode::run) {
  const auto count = [&](Kind kind) { return night.log(n, kind).size(); };
  const auto customers = count(Kind::customer);
  const auto subscriptions = count(Kind::subscriptions);
  const auto entitlements = count(Kind::entitlements);
  CHECK(exit_code_of(night.run(mode)) == due);
  return fmt::format("{}{}{}", count(Kind::customer) - customers, count(Kind::subscriptions) - subscriptions,
                     count(Kind::entitlements) - entitlements);
}

/// A night later, with its customers as they are then.
void pass_a_day(Night& night, std::vector<simulator::Customer> customers) {
  night.clock.advance(k_day);
  auto world = night.service.world();
  world.customers = std::move(customers);
  night.service.become(std::move(world));
}

}  // namespace

TEST_CASE("a tenant that stays blocked costs one request, of the side that blocks it") {
  Night night(world_of({blocked(1), with_reservation(ready(2)), ready(3)}));
  night.list[2].company_name = "Somebody else";
  CHECK(reads_of_next_run(night, 1, 3) == "111");
  pass_a_day(night, night.service.world().customers);
  const auto before = night.service.log().size();
  const auto history = night.history(1).size();
  const auto checked_at = night.row(1).checked_at;
  CHECK(reads_of_next_run(night, 1, 3) == "010");
  CHECK(night.log(2, Kind::entitlements).size() == 2);
  CHECK(night.log(2, Kind::subscriptions).size() == 1);
  CHECK(night.log(3, Kind::customer).size() == 2);
  CHECK(night.log(3, Kind::subscriptions).size() == 1);
  CHECK(night.service.log().size() == before + 4);  // with the sign-in
  CHECK(night.history(1).size() == history);
  CHECK(night.row(1).checked_at > checked_at);
  CHECK(night.row(1).blockers == "active-subscription:5b5c0000-0000-4000-8000-000000000001");
}

TEST_CASE("a check looks at everything, however lately that was done") {
  Night night(world_of({blocked(1)}));
  CHECK(reads_of_next_run(night, 1, 3) == "111");
  CHECK(reads_of_next_run(night, 1, 3, Mode::check) == "111");
}

TEST_CASE("after a week everything is looked at again, and what came up meanwhile is listed") {
  Night night(world_of({blocked(1)}));
  CHECK(reads_of_next_run(night, 1, 3) == "111");
  for (int day = 1; day <= 6; ++day) {
    pass_a_day(night, {with_reservation(blocked(1))});
    CHECK(reads_of_next_run(night, 1, 3) == "010");
  }
  pass_a_day(night, {with_reservation(blocked(1))});
  CHECK(reads_of_next_run(night, 1, 3) == "111");
  CHECK(night.row(1).blockers ==
        "active-subscription:5b5c0000-0000-4000-8000-000000000001;reserved-instance:order-1");
}

TEST_CASE("a tenant whose side is free is looked at completely in the same turn, and removed") {
  Night night(world_of({blocked(1)}));
  CHECK(reads_of_next_run(night, 1, 3) == "111");
  pass_a_day(night, {ready(1)});
  CHECK(reads_of_next_run(night, 1, 0) == "111");
  CHECK(night.journey(1) == "pending, checked, blocked, checked, ready, patching, patched");
  CHECK(night.broken_promises() == k_nothing);
}

TEST_CASE("a tenant whose side is free is not removed while another side blocks it") {
  Night night(world_of({blocked(1)}));
  CHECK(reads_of_next_run(night, 1, 3) == "111");
  pass_a_day(night, {with_reservation(ready(1))});
  CHECK(reads_of_next_run(night, 1, 3) == "111");
  CHECK(night.row(1).blockers == "reserved-instance:order-1");
  CHECK(night.count(Kind::patch) == 0);
}

TEST_CASE("new blockers on the side that is read are recorded, with the known ones of the other sides") {
  Night night(world_of({with_reservation(blocked(1))}));
  CHECK(reads_of_next_run(night, 1, 3) == "111");
  pass_a_day(night, {with_software(with_reservation(blocked(1)))});
  CHECK(reads_of_next_run(night, 1, 3) == "001");
  CHECK(
      night.row(1).blockers ==
      "active-subscription:5b5c0000-0000-4000-8000-000000000001;reserved-instance:order-1;software:order-2");
  CHECK(night.journey(1) == "pending, checked, blocked, checked, blocked");
}

TEST_CASE("a list row or a policy that changed has everything looked at again") {
  Night night(world_of({with_software(blocked(1))}));
  CHECK(reads_of_next_run(night, 1, 3) == "111");
  night.list[0].company_name = "Somebody else";
  CHECK(reads_of_next_run(night, 1, 3) == "111");
  CHECK(night.row(1).blockers.find("identity-mismatch") != std::string::npos);
  CHECK(reads_of_next_run(night, 1, 3) == "001");
  night.job.policy.software = SoftwarePolicy::ignore;
  CHECK(reads_of_next_run(night, 1, 3) == "111");
  CHECK(night.row(1).blockers.find("software") == std::string::npos);
}

TEST_CASE("a relationship that is gone is noticed from whichever side is read") {
  Night night(world_of({blocked(1)}));
  CHECK(reads_of_next_run(night, 1, 3) == "111");
  pass_a_day(night, {already_removed(1)});
  CHECK(reads_of_next_run(night, 1, 0) == "010");
  CHECK(night.state(1) == "patched");
}

TEST_CASE("a blocked tenant with an open PATCH is read back, not looked at from one side") {
  auto world = ready_world(1);
  world.faults.push_back(fault_of({Kind::patch, 429, 1, 1, "120"}));
  Night night(std::move(world));
  night.job.policy.recheck_after = seconds(60);
  int reads = 0;
  night.on_the_way = [&](const Ask& ask, const Carrier& to_service) {
    auto carried = to_service(ask);
    if (ask.what == What::subscriptions && ++reads >= 2)
      std::get<SubscriptionPage>(carried.reply.content).items.front().status = "active";
    return carried;
  };
  CHECK(exit_code_of(night.run()) == 3);
  CHECK(night.log(1, Kind::patch).size() == 1);
  CHECK(reads_of_next_run(night, 1, 3) == "111");
}

}  // namespace offboard::test
