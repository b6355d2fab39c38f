#include <catch2/catch.hpp>

#include "night.hpp"

namespace offboard::test {
namespace {

using simulator::Effect;
using simulator::Kind;

milliseconds span(const simulator::LogEntry& from, const simulator::LogEntry& to) {
  return to.at - from.at;
}

}  // namespace

TEST_CASE("a throttled read is not repeated before Retry-After, given as seconds or as a date") {
  for (const auto form : {simulator::RetryAfterForm::seconds, simulator::RetryAfterForm::date}) {
    auto world = ready_world(1);
    simulator::ThrottleRule rule;
    rule.scope = simulator::ThrottleScope::customer;
    rule.limit = 1;
    rule.per = seconds(40);
    rule.retry_after = form;
    world.throttles.push_back(rule);
    Night night(std::move(world));
    CHECK(exit_code_of(night.run()) == 0);
    CHECK(night.count(Effect::throttled) >= 3);
    CHECK(night.count(Effect::served_early) == 0);
    CHECK(night.runs().front().throttled == night.count(Effect::throttled));
  }
}

TEST_CASE("429s use up no attempts, on reads and on the PATCH") {
  for (const auto kind : {Kind::customer, Kind::subscriptions, Kind::entitlements, Kind::patch}) {
    auto world = ready_world(1);
    world.faults.push_back(fault_of({kind, 429, 20, 0, "3"}));
    Night night(std::move(world));
    night.job.retry.max_attempts = 2;
    CHECK(exit_code_of(night.run()) == 0);
    CHECK(night.count(Effect::served_early) == 0);
    CHECK(night.broken_promises() == k_nothing);
  }
}

TEST_CASE("a throttled PATCH is repeated with the same id and needs no read-back") {
  auto world = ready_world(1);
  world.faults.push_back(fault_of({Kind::patch, 429, 2, 0, "5"}));
  Night night(std::move(world));
  CHECK(exit_code_of(night.run()) == 0);
  const auto patches = night.log(1, Kind::patch);
  REQUIRE(patches.size() == 3);
  CHECK(patches[0].request_id == patches[2].request_id);
  CHECK(night.log(1, Kind::customer).size() == 1);
  CHECK(night.row(1).attempts == 3);
}

TEST_CASE("a 429 without Retry-After is repeated after a pause that grows") {
  auto world = ready_world(1);
  world.faults.push_back(fault_of({Kind::customer, 429, 8, 0, ""}));
  Night night(std::move(world));
  CHECK(exit_code_of(night.run()) == 0);
  const auto reads = night.log(1, Kind::customer);
  REQUIRE(reads.size() == 9);
  CHECK(span(reads.front(), reads.back()) > seconds(5));
  CHECK(span(reads.front(), reads.back()) < std::chrono::minutes(5));
}

TEST_CASE(
    "a 429 that names no wait but when the quota begins anew is not repeated before, nor put off further") {
  auto world = ready_world(1);
  simulator::ThrottleRule rule;
  rule.scope = simulator::ThrottleScope::customer;
  rule.model = simulator::ThrottleModel::fixed_window;
  rule.limit = 1;
  rule.per = seconds(40);
  rule.retry_after = simulator::RetryAfterForm::none;
  rule.headers = simulator::QuotaHeaders::pair;
  world.throttles.push_back(rule);
  for (const auto max_wait : {seconds(50), seconds(30)}) {
    Night night(world);
    night.job.retry.max_wait = max_wait;
    CHECK(exit_code_of(night.run()) == 0);
    const auto reads = night.log(1, Kind::subscriptions);
    REQUIRE(reads.size() >= 2);
    CHECK(span(reads[0], reads[1]) >= std::min(max_wait, seconds(39)));
    CHECK(span(reads[0], reads[1]) <= max_wait + milliseconds(100));
    CHECK(night.broken_promises() == k_nothing);
  }
}

TEST_CASE("a customer's own 429 delays that customer and nobody else") {
  auto world = ready_world(8);
  world.faults.push_back(fault_of({Kind::customer, 429, 1, 1, "100"}));
  Night night(std::move(world));
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.listener.pauses.empty());
  for (int n = 2; n <= 8; ++n)
    CHECK(span(night.service.log().front(), night.log(n, Kind::patch).front()) < seconds(5));
  CHECK(span(night.service.log().front(), night.log(1, Kind::patch).front()) >= seconds(100));
}

TEST_CASE("the 429s of several customers in a short time delay everybody until the last of them is over") {
  auto world = ready_world(8);
  for (int n = 1; n <= 3; ++n)
    world.faults.push_back(fault_of({Kind::customer, 429, 1, n, std::to_string(n * 20)}));
  Night night(std::move(world));
  CHECK(exit_code_of(night.run()) == 0);
  REQUIRE(night.listener.pauses.size() == 1);
  const auto closed = night.log(3, Kind::customer).front().at + milliseconds(10);  // when the answer was home
  for (const auto& entry : night.service.log()) {
    const bool during =
        entry.at > closed + milliseconds(10) && entry.at < closed + seconds(60) - milliseconds(10);
    if (during) FAIL_CHECK("a request for " << entry.customer << " while everybody waits");
  }
}

TEST_CASE("429s of several customers that are far apart delay nobody else") {
  auto world = ready_world(8);
  for (int n = 1; n <= 3; ++n) world.faults.push_back(fault_of({Kind::entitlements, 429, 1, n, "10"}));
  Night night(std::move(world));
  night.plan.size = 1;
  night.plan.one_way = [](const Ask&) { return seconds(4); };
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.listener.pauses.empty());
}

TEST_CASE(
    "a wait longer than max_wait leaves the tenant as it is, with what it was told, and the run ends with "
    "5") {
  auto world = ready_world(3);
  world.faults.push_back(fault_of({Kind::customer, 429, 1, 1, "3600"}));
  Night night(std::move(world));
  const auto outcome = night.run();
  CHECK(outcome.ending == Ending::incomplete);
  CHECK(exit_code_of(outcome) == 5);
  CHECK(outcome.left == 1);
  CHECK(night.state(1) == "pending");
  CHECK(night.row(1).http_status == 429);
  CHECK(night.state(2) == "patched");

  SECTION("the next run keeps away from it as long as it was told") {
    night.clock.advance(std::chrono::minutes(10));
    CHECK(exit_code_of(night.run()) == 5);
    CHECK(night.log(1, Kind::customer).size() == 1);
    CHECK(night.row(1).http_status == 429);
  }
  SECTION("a later run waits for the rest of it, and then goes on") {
    night.clock.advance(std::chrono::minutes(58));
    CHECK(exit_code_of(night.run()) == 0);
    CHECK(night.count(Effect::served_early) == 0);
  }
}

TEST_CASE("when everybody is to wait longer than max_wait the run ends, and the next one keeps away too") {
  auto world = ready_world(6);
  for (int n = 1; n <= 3; ++n) world.faults.push_back(fault_of({Kind::customer, 429, 1, n, "3600"}));
  Night night(std::move(world));
  auto outcome = night.run();
  CHECK(outcome.ending == Ending::throttled_too_long);
  CHECK(exit_code_of(outcome) == 5);
  CHECK(night.runs().back().outcome == "throttled-too-long");
  CHECK(outcome.left == 6);

  const auto requests = night.service.log().size();
  night.clock.advance(std::chrono::minutes(30));
  outcome = night.run();
  CHECK(outcome.ending == Ending::throttled_too_long);
  CHECK(exit_code_of(outcome) == 5);
  CHECK(night.service.log().size() == requests);
  CHECK(outcome.left == 6);

  night.clock.advance(std::chrono::minutes(28));
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.count(Effect::served_early) == 0);
  CHECK(night.broken_promises() == k_nothing);
}

TEST_CASE("a wait that was promised before the process died is kept by the next one") {
  auto world = ready_world(1);
  world.faults.push_back(fault_of({Kind::subscriptions, 429, 1, 1, "100"}));
  Night night(std::move(world));
  night.plan.on_wait = [&] {
    if (night.count(Effect::throttled) == 1 && night.row(1).http_status == 429) throw Crash{};
  };
  REQUIRE(night.run_dies());
  night.plan.on_wait = nullptr;
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.count(Effect::served_early) == 0);
}

TEST_CASE("a partner-wide limit slows the night down and loses nobody") {
  auto world = ready_world(40);
  simulator::ThrottleRule rule;
  rule.limit = 20;
  rule.per = seconds(30);
  world.throttles.push_back(rule);
  Night night(std::move(world));
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.count(Effect::throttled) > 0);
  CHECK(night.count(Effect::throttled) < 80);
  CHECK(night.broken_promises() == k_nothing);
}

TEST_CASE(
    "a tenant that is asked to wait when the limit on removals is met is left alone by the next run too") {
  auto world = ready_world(3);
  world.faults.push_back(fault_of({Kind::entitlements, 429, 1, 1, "60"}));
  Night night(std::move(world));
  night.job.policy.max_patches = 1;
  CHECK(exit_code_of(night.run()) == 5);
  night.clock.advance(seconds(1));
  night.job.policy.max_patches.reset();
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.count(Effect::served_early) == 0);
}

TEST_CASE(
    "a clock that was a year ahead when a wait was noted, and is right again, does not make it last a year") {
  for (const auto scope : {simulator::ThrottleScope::partner, simulator::ThrottleScope::customer}) {
    auto world = ready_world(4);
    simulator::ThrottleRule rule;
    rule.scope = scope;
    rule.limit = 2;
    rule.per = seconds(40);
    world.throttles.push_back(rule);
    Night night(std::move(world));
    night.clock.be_wrong_by(std::chrono::hours(24 * 365));
    night.job.policy.deadline = seconds(20);
    CHECK(exit_code_of(night.run()) == 5);
    CHECK(night.count(Effect::throttled) > 0);
    night.clock.be_wrong_by(milliseconds(0));
    night.job.policy.deadline.reset();
    CHECK(exit_code_of(night.run()) == 0);
  }
}

TEST_CASE("a clock that is set ahead while a run goes on does not shorten a wait of an earlier run") {
  auto world = world_of({blocked(1), blocked(2), ready(3)});
  world.faults.push_back(fault_of({Kind::customer, 429, 1, 3, "120"}));
  Night night(std::move(world));
  night.plan.size = 1;
  night.job.policy.deadline = seconds(5);
  CHECK(exit_code_of(night.run()) == 5);
  night.job.policy.deadline.reset();
  night.plan.alarms = {{milliseconds(1), [&] { night.clock.be_wrong_by(std::chrono::hours(24 * 365)); }}};
  CHECK(exit_code_of(night.run()) == 3);
  CHECK(night.count(Effect::served_early) == 0);
}

}  // namespace offboard::test
