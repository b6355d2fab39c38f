#include <catch2/catch.hpp>
#include <set>

#include "night.hpp"

namespace offboard::test {
namespace {

using simulator::Kind;

/// The first so many requests to the API get no answer, whoever asks.
simulator::FaultRule outage(int requests) {
  simulator::FaultRule rule;
  rule.match.method = "GET";
  rule.first = requests;
  rule.count = simulator::FaultCount::overall;
  rule.status = 503;
  return rule;
}

simulator::FaultRule poison(int n) {
  simulator::FaultRule rule;
  rule.match.customer = id_of(n);
  rule.status = 500;
  return rule;
}

}  // namespace

TEST_CASE("when several tenants in a row meet a service that is down, single probes decide") {
  auto world = ready_world(20);
  world.faults.push_back(outage(100'000));
  Night night(std::move(world));
  const auto outcome = night.run();
  CHECK(outcome.ending == Ending::service_unavailable);
  CHECK(exit_code_of(outcome) == 5);
  CHECK(outcome.left == 20);
  CHECK(night.runs().back().outcome == "service-unavailable");
  // Four workers' requests were out when it opened; then one probe after the other.
  const auto reads = night.count(Kind::customer);
  CHECK(reads >= 3 + night.job.retry.max_attempts);
  CHECK(reads <= 6 + night.job.retry.max_attempts);
  REQUIRE(night.listener.pauses.size() == 1);
  CHECK(night.listener.stops.size() == 1);
}

TEST_CASE("probes leave one at a time, and each for another tenant") {
  auto world = ready_world(20);
  world.faults.push_back(outage(100'000));
  Night night(std::move(world));
  int out = 0;
  int most = 0;
  night.plan.on_hand_out = [&](const Errand& errand) {
    if (night.listener.pauses.empty() || is_sign_in(errand.ask.what)) return;
    most = std::max(most, ++out);
  };
  night.on_the_way = [&](const Ask& ask, const Carrier& to_service) {
    out = std::max(0, out - 1);
    return to_service(ask);
  };
  static_cast<void>(night.run());
  CHECK(most == 1);
  std::set<std::string> asked;
  for (const auto& entry : night.service.log()) asked.insert(entry.customer);
  asked.erase("");
  CHECK(static_cast<int>(asked.size()) == night.count(Kind::customer));
}

TEST_CASE("the gaps between probes grow") {
  auto world = ready_world(20);
  world.faults.push_back(outage(100'000));
  Night night(std::move(world));
  night.job.retry.max_attempts = 10;
  static_cast<void>(night.run());
  CHECK(night.clock.passed() > seconds(10));
  CHECK(night.clock.passed() < std::chrono::minutes(10));
}

TEST_CASE("the first answer ends the pause, and the night goes on as if nothing had been") {
  auto world = ready_world(20);
  world.faults.push_back(outage(7));
  Night night(std::move(world));
  const auto outcome = night.run();
  CHECK(outcome.ending == Ending::completed);
  CHECK(exit_code_of(outcome) == 0);
  CHECK(night.listener.pauses.size() == 1);
}

TEST_CASE("a failed probe uses up none of its tenant's attempts") {
  auto world = ready_world(3);
  world.faults.push_back(outage(4));  // each tenant's first request, and the first probe
  Night night(std::move(world));
  night.job.retry.max_attempts = 2;
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.listener.pauses.size() == 1);
}

TEST_CASE("a run after an outage finishes what that one left") {
  Night night(ready_world(12));
  bool is_down = false;
  night.plan.alarms = {{seconds(2), [&] { is_down = true; }}};
  night.plan.one_way = [](const Ask&) { return milliseconds(300); };
  night.on_the_way = [&](const Ask& ask, const Carrier& to_service) {
    auto carried = to_service(ask);
    if (!is_down) return carried;
    Carried lost;
    lost.reply.health = ServiceHealth::down;
    lost.reply.evidence = carried.reply.evidence;
    return lost;
  };
  CHECK(night.run().ending == Ending::service_unavailable);
  is_down = false;
  night.plan.alarms.clear();
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.count(simulator::Effect::removed) == 12);
  CHECK(night.count(simulator::Effect::second_removal_attempt) == 0);
}

TEST_CASE("connections that cannot be made are an outage too") {
  Night night(ready_world(12));
  night.on_the_way = [&](const Ask& ask, const Carrier& to_service) {
    if (is_sign_in(ask.what)) return to_service(ask);
    Carried carried;
    carried.reply.health = ServiceHealth::down;
    carried.reply.evidence.error_code = "not-sent";
    return carried;
  };
  CHECK(night.run().ending == Ending::service_unavailable);
}

TEST_CASE("tenants that always meet an error do not stop the others") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    auto world = ready_world(40);
    for (const int n : {1, 2, 3, 20, 40}) world.faults.push_back(poison(n));
    Night night(std::move(world));
    night.seed = night.plan.seed = seed;
    night.plan.longest_way = milliseconds(500);
    const auto outcome = night.run();
    CAPTURE(seed);
    CHECK(exit_code_of(outcome) == 5);
    CHECK(outcome.standing.patched == 35);
    CHECK(night.broken_promises() == k_nothing);
  }
}

TEST_CASE("tenants that always meet an error do not keep the others from their turn, run after run") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    auto world = ready_world(10);
    for (int n = 1; n <= 8; ++n) world.faults.push_back(poison(n));
    Night night(std::move(world));
    night.seed = night.plan.seed = seed;
    night.plan.longest_way = milliseconds(500);
    for (int run = 1; run <= 5; ++run) CHECK(exit_code_of(night.run()) == 5);
    CAPTURE(seed);
    CHECK(night.state(9) == "patched");
    CHECK(night.state(10) == "patched");
  }
}

TEST_CASE("an outage in the middle of removals loses nothing and repeats nothing blindly") {
  for (int after = 1; after <= 12; ++after) {
    auto world = ready_world(6);
    simulator::FaultRule rule;
    rule.match.method = "PATCH";
    rule.nth = {after, after + 1, after + 2, after + 3};
    rule.count = simulator::FaultCount::overall;
    rule.fault = after % 2 == 0 ? simulator::Fault::reset_after : simulator::Fault::reset_before;
    world.faults.push_back(rule);
    Night night(std::move(world));
    CHECK(exit_code_of(night.run()) == 0);
    CHECK(night.broken_promises() == k_nothing);
  }
}

}  // namespace offboard::test
