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
  explicit NightOfChecks(int per_minute) : Night(world_with_quota(per_minute)) {
    plan.size = 16;
    list_worth_from = 401;
    plan.one_way = [](const Ask&) { return milliseconds(65); };
  }
};

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

TEST_CASE("what was learned days ago is a start whose limit is tried again at once") {
  const PaceRecord record{480 * 60, 30000, true, UtcTime(std::chrono::hours(500'000))};
  const auto soon = known_rate(record, record.learned_at + std::chrono::hours(24));
  CHECK(soon == KnownRate{480, 30000, true});
  const auto late = known_rate(record, record.learned_at + std::chrono::hours(24 * 5));
  CHECK(late == KnownRate{480, 0, true});
  CHECK_FALSE(known_rate(std::nullopt, record.learned_at));
}

}  // namespace offboard::test
