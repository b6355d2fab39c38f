#include <catch2/catch.hpp>

#include "night.hpp"

namespace offboard::test {
namespace {

using simulator::Kind;

/// Each request takes this long there and back.
void slow_down(Night& night, milliseconds each) {
  night.plan.one_way = [each](const Ask&) { return each / 2; };
}

}  // namespace

TEST_CASE("facts that grew too old while the PATCH was throttled are all read again before it is sent") {
  auto world = ready_world(1);
  world.faults.push_back(fault_of({Kind::patch, 429, 1, 1, "120"}));
  Night night(std::move(world));
  night.job.policy.recheck_after = seconds(60);
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.log(1, Kind::customer).size() == 2);
  CHECK(night.log(1, Kind::subscriptions).size() == 2);
  CHECK(night.log(1, Kind::entitlements).size() == 2);
  const auto patches = night.log(1, Kind::patch);
  REQUIRE(patches.size() == 2);
  CHECK(patches[0].request_id == patches[1].request_id);
  CHECK(night.broken_promises() == k_nothing);
}

TEST_CASE("facts that are still young enough are not read again after a throttled PATCH") {
  auto world = ready_world(1);
  world.faults.push_back(fault_of({Kind::patch, 429, 1, 1, "30"}));
  Night night(std::move(world));
  night.job.policy.recheck_after = seconds(60);
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.log(1, Kind::subscriptions).size() == 1);
}

TEST_CASE(
    "a tenant found blocked when its too old facts are read again is not patched, and its PATCH stays open") {
  auto world = ready_world(1);
  world.faults.push_back(fault_of({Kind::patch, 429, 1, 1, "120"}));
  Night night(std::move(world));
  night.job.policy.recheck_after = seconds(60);
  int reads = 0;
  night.on_the_way = [&](const Ask& ask, const Carrier& to_service) {
    auto carried = to_service(ask);
    if (ask.what == What::subscriptions && ++reads == 2)
      std::get<SubscriptionPage>(carried.reply.content).items.front().status = "active";
    return carried;
  };
  CHECK(exit_code_of(night.run()) == 3);
  CHECK(night.journey(1) == "pending, checked, ready, patching, checked, blocked");
  CHECK(night.log(1, Kind::patch).size() == 1);
  SECTION("and the next run goes on with the same id once nothing stands in the way") {
    CHECK(exit_code_of(night.run()) == 0);
    const auto patches = night.log(1, Kind::patch);
    REQUIRE(patches.size() == 2);
    CHECK(patches[0].request_id == patches[1].request_id);
    CHECK(night.broken_promises() == k_nothing);
  }
}

TEST_CASE(
    "facts that grow too old between the decision and the PATCH are read again, as a pause makes them") {
  auto world = ready_world(6);
  for (int n = 1; n <= 3; ++n) world.faults.push_back(fault_of({Kind::patch, 429, 1, n, "100"}));
  Night night(std::move(world));
  night.plan.size = 3;
  night.job.policy.recheck_after = seconds(60);
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.log(1, Kind::subscriptions).size() == 2);
  CHECK(night.broken_promises() == k_nothing);
}

TEST_CASE("a tenant whose facts are always too old when it could be patched is left, and not patched") {
  Night night(ready_world(2));
  slow_down(night, seconds(10));
  night.job.policy.recheck_after = seconds(15);
  const auto outcome = night.run();
  CHECK(outcome.left == 2);
  CHECK(exit_code_of(outcome) == 5);
  CHECK(night.count(Kind::patch) == 0);
  CHECK(night.state(1) == "ready");
}

TEST_CASE("a tenant whose PATCH is always too late when it comes to be sent is left, and not patched") {
  // 30 s of reading, 5 s more to the service: in time when it is handed out, too late when it would leave.
  Night night(ready_world(1));
  slow_down(night, seconds(10));
  night.job.policy.recheck_after = seconds(32);
  night.plan.most_waits = 5000;
  RunOutcome outcome;
  REQUIRE_NOTHROW(outcome = night.run());
  CHECK(outcome.left == 1);
  CHECK(exit_code_of(outcome) == 5);
  CHECK(night.count(Kind::patch) == 0);
  // As many fresh starts as for facts that are too old already when the PATCH would be handed out.
  CHECK(night.log(1, Kind::subscriptions).size() <= 2U + static_cast<unsigned>(night.job.retry.max_attempts));
}

TEST_CASE("a PATCH that was withheld counts neither as an attempt nor as a request") {
  Night night(ready_world(1));
  int patches = 0;
  night.plan.one_way = [&](const Ask& ask) {
    return ask.what == What::removal && ++patches == 1 ? milliseconds(seconds(90)) : milliseconds(10);
  };
  night.job.policy.recheck_after = seconds(60);
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.log(1, Kind::patch).size() == 1);
  CHECK(night.log(1, Kind::subscriptions).size() == 2);
  CHECK(night.row(1).attempts == 1);
  CHECK(night.runs().front().requests == static_cast<std::int64_t>(night.service.log().size()));
  CHECK(night.broken_promises() == k_nothing);
}

TEST_CASE("a read-back of an unanswered PATCH does not make old facts young") {
  auto world = ready_world(1);
  auto stall = fault_of(Kind::patch, simulator::Fault::stall, 1);
  world.faults.push_back(stall);
  Night night(std::move(world));
  night.job.retry.timeout = seconds(90);
  night.job.policy.recheck_after = seconds(60);
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.log(1, Kind::subscriptions).size() == 2);
  CHECK(night.log(1, Kind::patch).size() == 2);
  CHECK(night.broken_promises() == k_nothing);
}

}  // namespace offboard::test
