#include <catch2/catch.hpp>

#include "night.hpp"

namespace offboard::test {
namespace {

using simulator::Effect;
using simulator::Kind;

constexpr const char* k_whole_journey = "pending, checked, ready, patching, patched";

}  // namespace

TEST_CASE("a run removes every relationship that nothing stands in the way of") {
  Night night(ready_world(10));
  const auto outcome = night.run();
  CHECK(outcome.ending == Ending::completed);
  CHECK(exit_code_of(outcome) == 0);
  CHECK(outcome.left == 0);
  CHECK(outcome.standing.patched == 10);
  for (int n = 1; n <= 10; ++n) {
    CHECK(night.journey(n) == k_whole_journey);
    CHECK(night.service.is_removed(id_of(n)));
    CHECK(night.row(n).attempts == 1);
    CHECK(night.row(n).request_id == night.log(n, Kind::patch).front().request_id);
  }
  CHECK(night.count(Kind::patch) == 10);
  CHECK(night.broken_promises() == k_nothing);
  CHECK(night.trouble_with_history() == k_nothing);
}

TEST_CASE("the listener hears of the start, of every tenant's end, and of nothing else in a quiet night") {
  Night night(ready_world(3));
  static_cast<void>(night.run());
  CHECK(night.listener.to_do == 3);
  CHECK(night.listener.list.added == 3);
  CHECK(night.listener.done == 3);
  CHECK(night.listener.pauses.empty());
  CHECK(night.listener.stops.empty());
  const auto patched = std::count_if(night.listener.tenants.begin(), night.listener.tenants.end(),
                                     [](const auto& told) { return told.second == State::patched; });
  CHECK(patched == 3);
}

TEST_CASE("the run is recorded with its end, its exit code and as many requests as the service received") {
  Night night(world_of({ready(1), blocked(2), ready(3)}));
  const auto outcome = night.run();
  REQUIRE(night.runs().size() == 1);
  const auto run = night.runs().front();
  CHECK(run.command == "run");
  CHECK(run.outcome == "completed");
  CHECK(run.exit_code == exit_code_of(outcome));
  CHECK(run.tenants == 3);
  CHECK(run.patched == 2);
  CHECK(run.blocked == 1);
  CHECK(run.failed == 0);
  CHECK(run.throttled == 0);
  CHECK(run.requests == static_cast<std::int64_t>(night.service.log().size()));
}

TEST_CASE("a check reads and decides, and sends no PATCH") {
  Night night(world_of({ready(1), blocked(2), already_removed(3)}));
  const auto outcome = night.run(Mode::check);
  CHECK(outcome.ending == Ending::completed);
  CHECK(exit_code_of(outcome) == 3);
  CHECK(night.journey(1) == "pending, checked, ready");
  CHECK(night.journey(2) == "pending, checked, blocked");
  CHECK(night.journey(3) == "pending, checked, patched");
  CHECK(night.count(Kind::patch) == 0);
  CHECK(night.runs().front().command == "check");
}

TEST_CASE("a check of tenants that are all ready or patched ends with 0") {
  Night night(world_of({ready(1), already_removed(2)}));
  CHECK(exit_code_of(night.run(Mode::check)) == 0);
}

TEST_CASE("a run does not patch on what an earlier check has read") {
  Night night(ready_world(2));
  static_cast<void>(night.run(Mode::check));
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.count(Kind::subscriptions) == 4);
  CHECK(night.journey(1) == k_whole_journey);
  CHECK(night.broken_promises() == k_nothing);
}

TEST_CASE("a blocked tenant is not touched, and its blockers are recorded") {
  Night night(world_of({blocked(1)}));
  CHECK(exit_code_of(night.run()) == 3);
  CHECK(night.journey(1) == "pending, checked, blocked");
  CHECK(night.row(1).blockers == "active-subscription:5b5c0000-0000-4000-8000-000000000001");
  CHECK(night.history(1).back().reason == "active-subscription");
  CHECK(night.count(Kind::patch) == 0);
}

TEST_CASE("a blocked tenant that is checked again unchanged gets a new time and no new history") {
  Night night(world_of({blocked(1)}));
  static_cast<void>(night.run());
  const auto before = night.row(1).checked_at;
  night.clock.advance(std::chrono::hours(24));
  CHECK(exit_code_of(night.run()) == 3);
  CHECK(night.row(1).checked_at > before);
  CHECK(night.history(1).size() == 3);
}

TEST_CASE("a customer that the service does not know fails") {
  Night night(ready_world(1));
  night.list.push_back({guid_of(99), "", "", ""});
  const auto outcome = night.run();
  CHECK(outcome.ending == Ending::completed);
  CHECK(exit_code_of(outcome) == 4);
  CHECK(night.journey(99) == "pending, failed");
  CHECK(night.row(99).http_status == 404);
  CHECK(night.row(99).error_code == "1000");
  CHECK(night.state(1) == "patched");
}

TEST_CASE("a failed tenant is finished until the job says retry_failed") {
  Night night(world_of({}));
  night.list.push_back({guid_of(99), "", "", ""});
  static_cast<void>(night.run());
  const auto requests = night.count(Kind::customer);
  CHECK(exit_code_of(night.run()) == 4);
  CHECK(night.count(Kind::customer) == requests);
  night.job.policy.failed = FailedTenants::retry;
  CHECK(exit_code_of(night.run()) == 4);
  CHECK(night.count(Kind::customer) == requests + 1);
  CHECK(night.journey(99) == "pending, failed, pending, failed");
}

TEST_CASE(
    "a customer without a relationship is patched as already removed, whichever way the service says so") {
  for (const auto manner : {simulator::AfterRemoval::forbidden, simulator::AfterRemoval::none_answer}) {
    auto world = world_of({already_removed(1)});
    world.after_removal = manner;
    Night night(std::move(world));
    CHECK(exit_code_of(night.run()) == 0);
    CHECK(night.journey(1) == "pending, checked, patched");
    CHECK(night.history(1).back().reason == "already-removed");
    CHECK(night.row(1).attempts == 0);
    CHECK(night.count(Kind::patch) == 0);
  }
}

TEST_CASE("a tenant whose name is not the one on the list is blocked") {
  Night night(ready_world(1));
  night.list.front().company_name = "Somebody else";
  CHECK(exit_code_of(night.run()) == 3);
  CHECK(night.history(1).back().reason == "identity-mismatch");
  CHECK_FALSE(night.service.is_removed(id_of(1)));
}

TEST_CASE("collections of many pages are read to their end") {
  auto world = world_of({with_subscriptions(1, 23, "suspended"), with_subscriptions(2, 5, "suspended")});
  world.customers[0].subscriptions.back().status.text = "active";
  world.page_size = 5;
  Night night(std::move(world));
  CHECK(exit_code_of(night.run()) == 3);
  CHECK(night.log(1, Kind::subscriptions).size() == 5);
  CHECK(night.state(1) == "blocked");
  CHECK(night.state(2) == "patched");
}

TEST_CASE("an answer that cannot be read to its end blocks") {
  using simulator::NextLinkForm;
  for (const auto form :
       {NextLinkForm::loop, NextLinkForm::foreign_host, NextLinkForm::path_of_other_customer}) {
    auto world = world_of({with_subscriptions(1, 4, "suspended"), ready(2)});
    world.page_size = 2;
    world.next_link_form = form;
    Night night(std::move(world));
    CHECK(exit_code_of(night.run()) == 3);
    CHECK(night.history(1).back().reason == "incomplete-answer");
    CHECK(night.state(2) == "patched");
  }
}

TEST_CASE("an answer that announces more than it delivers blocks") {
  auto world = ready_world(1);
  world.customers[0].announce_extra = 1;
  Night night(std::move(world));
  CHECK(exit_code_of(night.run()) == 3);
  CHECK(night.history(1).back().reason == "incomplete-answer");
}

TEST_CASE("with one worker and with many, a night comes to the same end") {
  for (const std::size_t size : {1U, 3U, 64U}) {
    Night night(world_of({ready(1), blocked(2), ready(3), already_removed(4), ready(5)}));
    night.plan.size = size;
    night.plan.longest_way = seconds(3);
    CHECK(exit_code_of(night.run()) == 3);
    CHECK(night.states() == std::map<std::string, std::string>{{id_of(1), "patched"},
                                                               {id_of(2), "blocked"},
                                                               {id_of(3), "patched"},
                                                               {id_of(4), "patched"},
                                                               {id_of(5), "patched"}});
    CHECK(night.broken_promises() == k_nothing);
  }
}

TEST_CASE("a list whose tenants are all finished asks the service nothing") {
  Night night(ready_world(2));
  static_cast<void>(night.run());
  const auto requests = night.service.log().size();
  const auto outcome = night.run();
  CHECK(exit_code_of(outcome) == 0);
  CHECK(night.service.log().size() == requests);
  CHECK(night.listener.to_do == 0);
}

}  // namespace offboard::test
