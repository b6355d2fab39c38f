#include <catch2/catch.hpp>
#include <set>

#include "night.hpp"

namespace offboard::test {
namespace {

/// Each request takes the milliseconds, each way, that its tenant is given; a sign-in ten.
void ways(Night& night, milliseconds first, milliseconds second) {
  night.plan.one_way = [=](const Ask& ask) {
    if (ask.tenant == guid_of(1)) return first;
    return ask.tenant == guid_of(2) ? second : milliseconds(10);
  };
}

int blocked_on_disk(const Night& night) {
  int count = 0;
  for (const auto& [tenant, state] : night.states()) count += state == "blocked" ? 1 : 0;
  return count;
}

}  // namespace

TEST_CASE("tenants that are found blocked shortly after one another are recorded in one commit") {
  Night night(world_of({blocked(1), blocked(2)}));
  ways(night, milliseconds(10), milliseconds(12));
  std::set<int> seen;
  night.plan.on_wait = [&] { seen.insert(blocked_on_disk(night)); };
  CHECK(exit_code_of(night.run()) == 3);
  CHECK(seen == std::set<int>{0});
  CHECK(blocked_on_disk(night) == 2);
}

TEST_CASE("what reads have found is on disk before long, though nothing else returns") {
  Night night(world_of({blocked(1), blocked(2)}));
  ways(night, milliseconds(10), seconds(10));
  std::string found;
  night.plan.alarms = {{seconds(1), [&] { found = night.state(1); }}};
  CHECK(exit_code_of(night.run()) == 3);
  CHECK(found == "blocked");
}

TEST_CASE("a run that is asked to stop records what reads have found before it waits for a removal") {
  Night night(world_of({blocked(1), ready(2)}));
  night.plan.one_way = [](const Ask& ask) {
    if (ask.what == What::removal) return milliseconds(4000);
    return milliseconds(ask.tenant == guid_of(1) ? 12 : 10);
  };
  std::string found_before;
  std::string found_after;
  night.plan.alarms = {{milliseconds(100),
                        [&] {
                          found_before = night.state(1);
                          night.ask_to_stop();
                        }},
                       {seconds(1), [&] { found_after = night.state(1); }}};
  CHECK(exit_code_of(night.run()) == 5);
  CHECK(found_before == "pending");
  CHECK(found_after == "blocked");
}

}  // namespace offboard::test
