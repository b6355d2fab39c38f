#include <catch2/catch.hpp>

#include "night.hpp"

namespace offboard::test {
namespace {

using simulator::Kind;

/// The process dies right after the n-th PATCH was committed, and before it or after it left.
enum class Leaves { no, yes };

void die_at_removal(Night& night, int n, Leaves leaves) {
  night.plan.orphans = Orphans::all_arrive;
  night.plan.on_hand_out = [n, leaves, seen = 0](const Errand& errand) mutable {
    if (errand.ask.what == What::removal && ++seen == n && leaves == Leaves::no) throw Crash{};
  };
  if (leaves == Leaves::no) return;
  night.plan.on_wait = [&night, n] {
    const auto removals = std::count_if(night.sent.begin(), night.sent.end(),
                                        [](const Sent& sent) { return sent.what == What::removal; });
    if (removals >= n) throw Crash{};
  };
}

void live_on(Night& night) {
  night.plan.on_hand_out = nullptr;
  night.plan.on_wait = nullptr;
}

/// Takes the first tenant off the list.
void shorten(Night& night) {
  night.list.erase(night.list.begin());
}

std::vector<std::string> moves_of(const Night& night, int n) {
  std::vector<std::string> moves;
  for (const auto& row : night.history(n)) moves.push_back(row.to_state + ":" + row.reason);
  return moves;
}

}  // namespace

TEST_CASE("a row found in patching is checked fully and its PATCH sent again with the same id") {
  Night night(ready_world(1));
  die_at_removal(night, 1, Leaves::no);
  REQUIRE(night.run_dies());
  live_on(night);
  CHECK(night.state(1) == "patching");
  const auto id = night.row(1).request_id;
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.log(1, Kind::subscriptions).size() == 2);
  CHECK(night.log(1, Kind::entitlements).size() == 2);
  REQUIRE(night.log(1, Kind::patch).size() == 1);
  CHECK(night.log(1, Kind::patch).front().request_id == id);
  CHECK(night.broken_promises() == k_nothing);
  CHECK(night.runs().front().outcome == "interrupted");
}

TEST_CASE("a row found in patching whose PATCH had worked is settled by the first read") {
  Night night(ready_world(1));
  die_at_removal(night, 1, Leaves::yes);
  REQUIRE(night.run_dies());
  live_on(night);
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.log(1, Kind::patch).size() == 1);
  CHECK(night.history(1).back().reason == "read-back");
  CHECK(night.broken_promises() == k_nothing);
}

TEST_CASE("open PATCHes come first, whatever their place on the list") {
  Night night(ready_world(9));
  night.plan.size = 1;
  die_at_removal(night, 6, Leaves::no);
  REQUIRE(night.run_dies());
  live_on(night);
  const auto before = night.service.log().size();
  static_cast<void>(night.run());
  CHECK(night.service.log()[before + 1].customer == id_of(6));
}

TEST_CASE(
    "a row found in patching that is blocked now is not patched, keeps its id, and goes on with it later") {
  Night night(ready_world(1));
  die_at_removal(night, 1, Leaves::no);
  REQUIRE(night.run_dies());
  live_on(night);
  const auto id = night.row(1).request_id;
  bool is_active = true;
  night.on_the_way = [&](const Ask& ask, const Carrier& to_service) {
    auto carried = to_service(ask);
    if (is_active && ask.what == What::subscriptions)
      std::get<SubscriptionPage>(carried.reply.content).items.front().status = "active";
    return carried;
  };
  CHECK(exit_code_of(night.run()) == 3);
  CHECK(night.journey(1) == "pending, checked, ready, patching, checked, blocked");
  CHECK(night.count(Kind::patch) == 0);
  is_active = false;
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.log(1, Kind::patch).front().request_id == id);
}

TEST_CASE("PATCHes left open by an earlier run are finished whatever the limit") {
  Night night(ready_world(6));
  die_at_removal(night, 2, Leaves::yes);
  night.plan.orphans = Orphans::none_arrives;
  REQUIRE(night.run_dies());
  live_on(night);
  const auto states = night.states();
  const auto open = std::count_if(states.begin(), states.end(),
                                  [](const auto& entry) { return entry.second == "patching"; });
  REQUIRE(open >= 2);
  // One of them has to wait until long after the limit is met.
  const auto slow = std::find_if(states.begin(), states.end(), [](const auto& entry) {
                      return entry.second == "patching";
                    })->first;
  bool has_waited = false;
  night.on_the_way = [&](const Ask& ask, const Carrier& to_service) {
    if (ask.tenant.text() != slow || std::exchange(has_waited, true)) return to_service(ask);
    Carried carried;
    carried.reply.verdict = Verdict::throttled;
    carried.reply.retry_after = seconds(60);
    return carried;
  };
  night.job.policy.max_patches = 1;
  const auto outcome = night.run();
  CHECK(has_waited);
  CHECK(outcome.ending == Ending::limit_reached);
  // Whoever came to a PATCH before them is no more than the limit.
  CHECK(outcome.standing.patched >= open);
  CHECK(outcome.standing.patched <= open + 1);
  CHECK(outcome.standing.patching == 0);
  CHECK(night.broken_promises() == k_nothing);
}

TEST_CASE("a check of a row found in patching reads it back and sends nothing") {
  for (const auto leaves : {Leaves::no, Leaves::yes}) {
    Night night(ready_world(1));
    die_at_removal(night, 1, leaves);
    REQUIRE(night.run_dies());
    live_on(night);
    const auto patches = night.count(Kind::patch);
    const auto outcome = night.run(Mode::check);
    CHECK(exit_code_of(outcome) == (leaves == Leaves::yes ? 0 : 5));
    CHECK(night.state(1) == (leaves == Leaves::yes ? "patched" : "patching"));
    CHECK(night.count(Kind::patch) == patches);
  }
}

TEST_CASE("a withdrawn tenant is not asked about and not patched") {
  Night night(world_of({blocked(1), ready(2)}));
  static_cast<void>(night.run());
  shorten(night);
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(moves_of(night, 1).back() == "withdrawn:off-the-list");
  CHECK(night.log(1, Kind::customer).size() == 1);
}

TEST_CASE("a withdrawn tenant whose open PATCH had worked is read back and patched") {
  Night night(ready_world(2));
  night.plan.size = 1;
  die_at_removal(night, 1, Leaves::yes);
  REQUIRE(night.run_dies());
  live_on(night);
  shorten(night);
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.log(1, Kind::patch).size() == 1);
  CHECK(moves_of(night, 1).back() == "patched:read-back");
  CHECK(night.journey(1) == "pending, checked, ready, patching, withdrawn, patched");
  CHECK(night.trouble_with_history() == k_nothing);
}

TEST_CASE(
    "a withdrawn tenant whose open PATCH did nothing is read back only, every run, and stays withdrawn") {
  Night night(ready_world(2));
  night.plan.size = 1;
  die_at_removal(night, 1, Leaves::no);
  REQUIRE(night.run_dies());
  live_on(night);
  const auto id = night.row(1).request_id;
  const auto whole = night.list;
  shorten(night);
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.log(1, Kind::patch).empty());
  CHECK(night.log(1, Kind::customer).size() == 3);
  CHECK(night.log(1, Kind::subscriptions).size() == 1);
  CHECK(moves_of(night, 1).back() == "withdrawn:off-the-list");

  SECTION("and on its return begins from pending, with the same id") {
    night.list = whole;
    CHECK(exit_code_of(night.run()) == 0);
    CHECK(night.journey(1) ==
          "pending, checked, ready, patching, withdrawn, pending, checked, ready, patching, patched");
    REQUIRE(night.log(1, Kind::patch).size() == 1);
    CHECK(night.log(1, Kind::patch).front().request_id == id);
    CHECK(night.broken_promises() == k_nothing);
  }
}

TEST_CASE(
    "a withdrawn tenant's read-back that gets no answer or a no leaves it withdrawn, and the run completes") {
  for (const int status : {500, 404}) {
    auto world = ready_world(2);
    auto rule = fault_of({Kind::customer, status, 0, 1, ""});
    rule.nth = {2, 3, 4, 5, 6, 7};
    world.faults.push_back(rule);
    Night night(std::move(world));
    night.plan.size = 1;
    die_at_removal(night, 1, Leaves::yes);
    REQUIRE(night.run_dies());
    live_on(night);
    shorten(night);
    CHECK(exit_code_of(night.run()) == 0);
    CHECK(moves_of(night, 1).back() == "withdrawn:off-the-list");
    // It was not forgotten: once the service answers, it is settled.
    for (int run = 1; run <= 6; ++run) static_cast<void>(night.run());
    CHECK(moves_of(night, 1).back() == "patched:read-back");
  }
}

TEST_CASE("a patched tenant that leaves the list and returns stays patched and is not asked about") {
  Night night(ready_world(2));
  static_cast<void>(night.run());
  const auto requests = night.service.log().size();
  const auto whole = night.list;
  shorten(night);
  CHECK(exit_code_of(night.run()) == 0);
  night.list = whole;
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.state(1) == "patched");
  CHECK(night.service.log().size() == requests);
}

TEST_CASE(
    "a tenant that failed on reading back keeps the id of its open PATCH for when it is taken up again") {
  auto world = ready_world(1);
  world.faults.push_back(fault_of(Kind::patch, simulator::Fault::reset_before, 1));
  auto rule = fault_of({Kind::customer, 403, 0, 1, ""});
  rule.nth = {2};
  rule.code = "2032";
  world.faults.push_back(rule);
  Night night(std::move(world));
  CHECK(exit_code_of(night.run()) == 4);
  CHECK(night.state(1) == "failed");
  night.job.policy.failed = FailedTenants::retry;
  CHECK(exit_code_of(night.run()) == 0);
  const auto patches = night.log(1, Kind::patch);
  REQUIRE(patches.size() == 2);
  CHECK(patches[0].request_id == patches[1].request_id);
}

}  // namespace offboard::test
