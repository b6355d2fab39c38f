#include <catch2/catch.hpp>

#include "ledger/ledger.hpp"
#include "night.hpp"
#include "run/known_rate.hpp"

namespace offboard::test {
namespace {

using simulator::Effect;

simulator::World world_with_quota(int per_minute) {
  auto world = ready_world(400);
  if (per_minute == 0) return world;
  simulator::ThrottleRule rule;
  rule.model = simulator::ThrottleModel::fixed_window;
  rule.limit = per_minute;
  world.throttles.push_back(rule);
  return world;
}

/// Three reads for each of 400 tenants, none from the list of customers, over a link of 130 ms.
class NightOfChecks : public Night {
 public:
  explicit NightOfChecks(int per_minute) : NightOfChecks(world_with_quota(per_minute)) {}
  explicit NightOfChecks(simulator::World world) : Night(std::move(world)) {
    plan.size = 16;
    list_worth_from = 401;
    plan.one_way = [](const Ask&) { return milliseconds(65); };
  }
};

/// Sixty removals a minute, and reads without end.
simulator::World world_with_removals_counted_apart(int removable, int blocked_ones) {
  std::vector<simulator::Customer> customers;
  for (int n = 1; n <= removable + blocked_ones; ++n)
    customers.push_back(n <= removable ? ready(n) : blocked(n));
  auto world = world_of(std::move(customers));
  simulator::ThrottleRule rule;
  rule.calls = simulator::ThrottledCalls::removals;
  rule.model = simulator::ThrottleModel::fixed_window;
  rule.limit = 60;
  world.throttles.push_back(rule);
  return world;
}

milliseconds length_of_check(Night& night) {
  const auto before = night.clock.passed();
  CHECK(exit_code_of(night.run(Mode::check)) == 0);
  return night.clock.passed() - before;
}

}  // namespace

TEST_CASE(
    "a quota that was met is kept in the ledger, and the next night takes what it lets through, unrefused") {
  NightOfChecks night(480);
  length_of_check(night);
  const auto refused = night.count(Effect::throttled);
  CHECK(refused >= 3);
  CHECK(refused <= 16);
  REQUIRE_FALSE(night.listener.quotas.empty());
  CHECK(night.listener.quotas.back() == Approx(480).epsilon(0.02));
  const auto record = Ledger(night.job.ledger).pace();
  REQUIRE(record);
  CHECK(record->per_hour == Approx(480 * 60).epsilon(0.02));

  night.clock.advance(std::chrono::hours(24));
  const auto length = length_of_check(night);
  CHECK(night.count(Effect::throttled) == refused);
  // 1,200 requests at 480 a minute.
  CHECK(length < seconds(158));
  CHECK(night.broken_promises() == k_nothing);
}

TEST_CASE("a quota of which the service's headers tell is kept to without one refusal, and learned") {
  for (const auto headers : {simulator::QuotaHeaders::structured, simulator::QuotaHeaders::dictionary,
                             simulator::QuotaHeaders::pair, simulator::QuotaHeaders::epoch}) {
    auto world = world_with_quota(480);
    world.throttles.front().headers = headers;
    NightOfChecks night(std::move(world));
    // 480 at once and the rest in the next two minutes.
    CHECK(length_of_check(night) < seconds(158));
    CHECK(night.count(Effect::throttled) == 0);
    REQUIRE_FALSE(night.listener.quotas.empty());
    CHECK(night.listener.quotas.front() == Approx(480).epsilon(0.02));
    REQUIRE_FALSE(night.listener.pauses.empty());
    CHECK(night.listener.pauses.front().why == "the service says that nothing is left of its quota");
    CHECK(Ledger(night.job.ledger).pace());
    CHECK(night.broken_promises() == k_nothing);
  }
}

TEST_CASE("what a customer's own headers say holds nobody else back") {
  auto world = ready_world(400);
  simulator::ThrottleRule rule;
  rule.scope = simulator::ThrottleScope::customer;
  rule.model = simulator::ThrottleModel::fixed_window;
  rule.limit = 3;
  rule.headers = simulator::QuotaHeaders::pair;
  world.throttles.push_back(rule);
  NightOfChecks night(std::move(world));
  CHECK(length_of_check(night) < seconds(20));
  CHECK(night.listener.pauses.empty());
}

TEST_CASE("what a customer's own headers say holds nobody else back, however many pages it has") {
  std::vector<simulator::Customer> customers;
  for (int n = 1; n <= 100; ++n)
    customers.push_back(with_subscriptions(n, n % 10 == 1 ? 12 : 1, "suspended"));
  auto world = world_of(std::move(customers));
  world.page_size = 1;
  simulator::ThrottleRule rule;
  rule.scope = simulator::ThrottleScope::customer;
  rule.model = simulator::ThrottleModel::fixed_window;
  rule.limit = 14;
  rule.headers = simulator::QuotaHeaders::pair;
  world.throttles.push_back(rule);
  NightOfChecks night(std::move(world));
  CHECK(length_of_check(night) < seconds(20));
  CHECK(night.listener.pauses.empty());
  CHECK(night.listener.quotas.empty());
}

TEST_CASE("a service whose headers say wrongly that nothing is left costs a wait no longer than the job's") {
  NightOfChecks night(0);
  night.job.retry.max_wait = seconds(20);
  int left = 30;
  night.on_the_way = [&](const Ask& ask, const Carrier& to_service) {
    auto carried = to_service(ask);
    if (!is_sign_in(ask.what))
      carried.reply.quota_left = QuotaLeft{left > 0 ? --left : 0, std::chrono::hours(1)};
    return carried;
  };
  CHECK(length_of_check(night) < seconds(50));
  CHECK(night.listener.pauses.size() == 1);
}

TEST_CASE("where removals are counted apart, everything goes at their pace, and little is refused") {
  // Of 300 removals sixty can be had at once, and sixty in each further minute.
  NightOfChecks removals(world_with_removals_counted_apart(300, 0));
  // One in four can be removed: for the others there would be no need to wait.
  NightOfChecks mixed(world_with_removals_counted_apart(100, 300));
  const auto length_of = [](NightOfChecks& night, int exit_code) {
    const auto before = night.clock.passed();
    CHECK(exit_code_of(night.run()) == exit_code);
    CHECK(night.count(Effect::throttled) <= 10);
    CHECK(night.broken_promises() == k_nothing);
    return night.clock.passed() - before;
  };
  CHECK(length_of(removals, 0) < seconds(315));
  CHECK(removals.count(Effect::removed) == 300);
  CHECK(length_of(mixed, 3) < seconds(330));
  CHECK(mixed.count(Effect::removed) == 100);
}

TEST_CASE("a service without a quota is not slowed down") {
  NightOfChecks night(0);
  // 1,200 requests, 8 of them at a time and soon a few more, in 130 ms each.
  CHECK(length_of_check(night) < seconds(20));
  CHECK_FALSE(Ledger(night.job.ledger).pace());
}

TEST_CASE("the operator's ceiling is never exceeded") {
  NightOfChecks night(0);
  night.job.rate.per_minute = 600;
  CHECK(length_of_check(night) >= seconds(119));
  CHECK_FALSE(Ledger(night.job.ledger).pace());
}

TEST_CASE("refusals that do not depend on the pace leave no rate behind for the next night") {
  auto world = ready_world(400);
  for (const auto kind :
       {simulator::Kind::customer, simulator::Kind::subscriptions, simulator::Kind::entitlements}) {
    world.faults.push_back(fault_of({kind, 429, 0, 0, "1"}));
    world.faults.back().probability = 0.7;
  }
  NightOfChecks night(std::move(world));
  Ledger(night.job.ledger).set_pace({480 * 60, 30000, true, night.clock.utc()});
  CHECK(exit_code_of(night.run(Mode::check)) == 0);
  CHECK_FALSE(Ledger(night.job.ledger).pace());
}

TEST_CASE("what was learned days ago is a start whose limit is tried again at once") {
  const PaceRecord record{480 * 60, 30000, true, UtcTime(std::chrono::hours(500'000))};
  const auto soon = known_rate(record, record.learned_at + std::chrono::hours(24));
  CHECK(soon == KnownRate{480, 30000, true});
  const auto late = known_rate(record, record.learned_at + std::chrono::hours(24 * 5));
  CHECK(late == KnownRate{480, 0, true});
  CHECK_FALSE(known_rate(std::nullopt, record.learned_at));
}

}  // namespace offboard::test
