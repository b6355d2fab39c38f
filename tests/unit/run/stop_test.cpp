#include <catch2/catch.hpp>

#include "night.hpp"

namespace offboard::test {
namespace {

using simulator::Kind;

/// Asks to stop when the n-th PATCH is handed out.
void stop_at_removal(Night& night, int n) {
  night.plan.on_hand_out = [&night, n, seen = 0](const Errand& errand) mutable {
    if (errand.ask.what == What::removal && ++seen == n) night.ask_to_stop();
  };
}

int removals_handed_out(const Night& night) {
  return static_cast<int>(std::count_if(night.sent.begin(), night.sent.end(),
                                        [](const Sent& sent) { return sent.what == What::removal; }));
}

void only_removals_take(Night& night, milliseconds time) {
  night.plan.one_way = [time](const Ask& ask) { return ask.what == What::removal ? time : milliseconds(10); };
}

}  // namespace

TEST_CASE("a run that is asked to stop at once asks about nobody") {
  Night night(ready_world(3));
  night.plan.alarms = {{milliseconds(0), [&] { night.ask_to_stop(); }}};
  const auto outcome = night.run();
  CHECK(outcome.ending == Ending::stopped);
  CHECK(exit_code_of(outcome) == 5);
  CHECK(outcome.left == 3);
  CHECK(night.count(Kind::customer) == 0);
  CHECK(night.runs().back().outcome == "stopped");
  CHECK(night.listener.stops.size() == 1);
}

TEST_CASE("once asked to stop nothing new begins, and a PATCH in flight is waited for and recorded") {
  Night night(ready_world(8));
  only_removals_take(night, seconds(4));
  stop_at_removal(night, 2);
  const auto outcome = night.run();
  CHECK(outcome.ending == Ending::stopped);
  CHECK(exit_code_of(outcome) == 5);
  CHECK(removals_handed_out(night) >= 2);
  CHECK(removals_handed_out(night) <= 4);  // those of the same commit
  CHECK(outcome.standing.patched == removals_handed_out(night));
  CHECK(outcome.standing.patching == 0);
  CHECK(outcome.left == 8 - outcome.standing.patched);
  CHECK(night.broken_promises() == k_nothing);
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.broken_promises() == k_nothing);
}

TEST_CASE(
    "a PATCH that takes longer than 10 s to answer a stopping run stays open, and the next run reads it "
    "back") {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    Night night(ready_world(1));
    night.plan.seed = seed;
    only_removals_take(night, seconds(30));
    stop_at_removal(night, 1);
    const auto outcome = night.run();
    CHECK(outcome.ending == Ending::stopped);
    CHECK(night.clock.passed() < seconds(14));
    CHECK(night.state(1) == "patching");
    CHECK(night.row(1).request_id == night.sent.back().request_id.text());
    night.plan.on_hand_out = nullptr;
    night.plan.one_way = nullptr;
    CHECK(exit_code_of(night.run()) == 0);
    CHECK(night.state(1) == "patched");
    for (const auto& patch : night.log(1, Kind::patch))
      CHECK(patch.request_id == night.log(1, Kind::patch).front().request_id);
    CHECK(night.trouble_with_history() == k_nothing);
  }
}

TEST_CASE("an unanswered PATCH stays open when the run stops, with the error that it met") {
  auto world = ready_world(1);
  world.faults.push_back(fault_of({Kind::patch, 503, 1, 0, ""}));
  Night night(std::move(world));
  only_removals_take(night, seconds(2));
  stop_at_removal(night, 1);
  CHECK(exit_code_of(night.run()) == 5);
  CHECK(night.state(1) == "patching");
  CHECK(night.row(1).http_status == 503);
  CHECK(night.row(1).request_id == night.log(1, Kind::patch).front().request_id);
  CHECK(night.log(1, Kind::customer).size() == 1);
  night.plan.on_hand_out = nullptr;
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.broken_promises() == k_nothing);
}

TEST_CASE("a PATCH throttled while the run stops is not repeated by the next run before its time") {
  auto world = ready_world(1);
  world.faults.push_back(fault_of({Kind::patch, 429, 1, 0, "100"}));
  Night night(std::move(world));
  only_removals_take(night, seconds(2));
  stop_at_removal(night, 1);
  CHECK(exit_code_of(night.run()) == 5);
  CHECK(night.state(1) == "patching");
  night.plan.on_hand_out = nullptr;
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.count(simulator::Effect::served_early) == 0);
  CHECK(night.broken_promises() == k_nothing);
}

TEST_CASE("a PATCH refused while the run stops is recorded as failed") {
  auto world = ready_world(1);
  world.faults.push_back(fault_of({Kind::patch, 400, 1, 0, ""}));
  Night night(std::move(world));
  only_removals_take(night, seconds(2));
  stop_at_removal(night, 1);
  CHECK(exit_code_of(night.run()) == 5);
  CHECK(night.state(1) == "failed");
}

TEST_CASE("reads are dropped when the run stops") {
  Night night(ready_world(4));
  night.plan.one_way = [](const Ask& ask) {
    return is_sign_in(ask.what) ? milliseconds(10) : std::chrono::minutes(1);
  };
  night.plan.alarms = {{seconds(5), [&] { night.ask_to_stop(); }}};
  CHECK(night.run().ending == Ending::stopped);
  CHECK(night.clock.passed() < seconds(6));
}

TEST_CASE("a sign-in under way is waited for when the run stops, and its refresh token kept") {
  Night night(ready_world(4));
  night.plan.one_way = [](const Ask&) { return seconds(2); };
  night.plan.alarms = {{seconds(1), [&] { night.ask_to_stop(); }}};
  CHECK(night.run().ending == Ending::stopped);
  CHECK(night.count(Kind::token) == 1);
  CHECK(night.stored_refresh_token() == night.service.sign_in().current_refresh_token());
}

TEST_CASE("a stop is heard during a pause for everybody") {
  auto world = ready_world(6);
  world.faults.push_back(fault_of({Kind::customer, 429, 1, 0, "200"}));
  Night night(std::move(world));
  night.plan.alarms = {{seconds(30), [&] { night.ask_to_stop(); }}};
  CHECK(night.run().ending == Ending::stopped);
  CHECK(night.clock.passed() < seconds(31));
}

TEST_CASE("wherever a run is stopped, the next one finishes the job and no promise is broken") {
  for (int moment = 1; moment <= 40; ++moment) {
    auto world = ready_world(6);
    world.faults.push_back(fault_of(Kind::patch, simulator::Fault::reset_after, 1));
    Night night(std::move(world));
    night.plan.seed = static_cast<std::uint64_t>(moment);
    night.plan.longest_way = milliseconds(400);
    night.plan.alarms = {{milliseconds(100 * moment), [&] { night.ask_to_stop(); }}};
    CAPTURE(moment);
    const auto outcome = night.run();
    CHECK(exit_code_of(outcome) == (outcome.ending == Ending::stopped ? 5 : 0));
    CHECK(outcome.left == 6 - outcome.standing.patched);
    night.plan.alarms.clear();
    CHECK(exit_code_of(night.run()) == 0);
    CHECK(night.broken_promises() == k_nothing);
    CHECK(night.trouble_with_history() == k_nothing);
  }
}

TEST_CASE("at the deadline the run stops cleanly") {
  Night night(ready_world(50));
  night.plan.one_way = [](const Ask&) { return seconds(5); };
  night.job.policy.deadline = std::chrono::minutes(3);
  const auto outcome = night.run();
  CHECK(outcome.ending == Ending::deadline);
  CHECK(exit_code_of(outcome) == 5);
  CHECK(night.clock.passed() >= std::chrono::minutes(3));
  CHECK(night.clock.passed() <= std::chrono::minutes(3) + seconds(10));
  CHECK(outcome.standing.patched > 0);
  CHECK(outcome.standing.patching == 0);
  CHECK(outcome.left == 50 - outcome.standing.patched);
  for (const auto& entry : night.sent) CHECK(entry.at - night.sent.front().at < std::chrono::minutes(3));
}

TEST_CASE("a deadline is kept while everybody waits") {
  auto world = ready_world(6);
  world.faults.push_back(fault_of({Kind::customer, 429, 1, 0, "200"}));
  Night night(std::move(world));
  night.job.policy.deadline = seconds(60);
  CHECK(night.run().ending == Ending::deadline);
  CHECK(night.clock.passed() == seconds(60));
}

TEST_CASE("a run that ends before its deadline does not wait for it") {
  Night night(ready_world(2));
  night.job.policy.deadline = std::chrono::hours(5);
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.clock.passed() < seconds(5));
}

TEST_CASE("max_patches is the exact number of tenants that are patched, and more to do ends with 5") {
  for (const int limit : {1, 3, 5}) {
    for (const std::size_t workers : {1U, 4U, 16U}) {
      Night night(ready_world(8));
      night.plan.size = workers;
      night.plan.longest_way = milliseconds(300);
      night.job.policy.max_patches = limit;
      const auto outcome = night.run();
      CHECK(outcome.ending == Ending::limit_reached);
      CHECK(exit_code_of(outcome) == 5);
      CHECK(outcome.standing.patched == limit);
      CHECK(night.count(Kind::patch) == limit);
      CHECK(outcome.left == 8 - limit);
      CHECK(night.runs().back().outcome == "limit-reached");
      CHECK(night.trouble_with_history() == k_nothing);
    }
  }
}

TEST_CASE("a limit that is just enough is none") {
  Night night(world_of({ready(1), blocked(2), ready(3)}));
  night.job.policy.max_patches = 2;
  const auto outcome = night.run();
  CHECK(outcome.ending == Ending::completed);
  CHECK(exit_code_of(outcome) == 3);
}

TEST_CASE("tenants whose PATCH was begun are finished although the limit is met") {
  auto world = ready_world(8);
  world.faults.push_back(fault_of({Kind::patch, 503, 3, 0, ""}));
  Night night(std::move(world));
  night.job.policy.max_patches = 3;
  const auto outcome = night.run();
  CHECK(outcome.ending == Ending::limit_reached);
  CHECK(outcome.standing.patched == 3);
  CHECK(outcome.standing.patching == 0);
  CHECK(night.broken_promises() == k_nothing);
}

TEST_CASE("a run whose limit is met does not wait for a tenant that it will not patch") {
  auto world = ready_world(3);
  world.faults.push_back(fault_of({Kind::customer, 429, 1, 3, "200"}));
  Night night(std::move(world));
  night.job.policy.max_patches = 1;
  CHECK(night.run().ending == Ending::limit_reached);
  CHECK(night.clock.passed() < seconds(100));
}

TEST_CASE("runs with a limit work through the list, and none is patched twice") {
  Night night(ready_world(7));
  night.job.policy.max_patches = 3;
  CHECK(exit_code_of(night.run()) == 5);
  CHECK(exit_code_of(night.run()) == 5);
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.count(Kind::patch) == 7);
  CHECK(night.broken_promises() == k_nothing);
}

}  // namespace offboard::test
