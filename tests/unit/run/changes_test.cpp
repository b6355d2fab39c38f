#include "run/changes.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "replies.hpp"

namespace offboard::test {
namespace {

const UtcTime k_now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23);

/// Where a tenant can stand when a run takes it up.
constexpr State k_open_states[] = {State::pending, State::checked, State::blocked, State::ready,
                                   State::patching};

Evidence evidence_of(int status, const std::string& code = "", const std::string& message = "") {
  return {status, code, message, guid_of(101), guid_of(102)};
}

Blocker a_blocker(const std::string& object, BlockerCode code = BlockerCode::active_subscription) {
  return {code, object, "Licences", "active", "Cancel it."};
}

Journey journey_in(State state) {
  Journey journey(state == State::patching ? work_with_open_patch(state) : work_in(state));
  journey.work.attempts = 3;
  journey.facts.customer.company_name = "Customer 1";
  return journey;
}

void check_moves(const Change& change, State from) {
  CHECK(change.number == 7);
  CHECK(change.tenant_id == guid_of(1));
  CHECK(change.expected == from);
  CHECK(change.attempts == 3);
  auto at = from;
  for (const auto& move : change.moves) {
    CHECK(move.from == at);
    CHECK(is_legal_move(move.from, move.to));
    CHECK(move.at == k_now);
    CHECK_FALSE(move.reason.empty());
    at = move.to;
  }
  CHECK(state_after(change) == at);
}

std::string reasons_of(const Change& change) {
  std::string text;
  for (const auto& move : change.moves) text += (text.empty() ? "" : ", ") + move.reason;
  return text;
}

}  // namespace

TEST_CASE("complete facts with a blocker lead every open state to blocked by legal moves") {
  for (const auto state : k_open_states) {
    CAPTURE(name_of(state));
    const auto journey = journey_in(state);
    const auto change = blocked_change(journey, {a_blocker("s1")}, {}, evidence_of(200), k_now);
    check_moves(change, state);
    CHECK(state_after(change) == State::blocked);
    CHECK(reasons_of(change) ==
          (state == State::checked ? "active-subscription" : "facts-read, active-subscription"));
    REQUIRE(change.blockers.has_value());
    CHECK(change.blockers->size() == 1);
    REQUIRE(change.check.has_value());
    CHECK(change.check->at == k_now);
    REQUIRE(change.evidence.has_value());
    CHECK(change.evidence->http_status == 200);
    CHECK(change.open_patch.has_value() == (state == State::patching));
    CHECK_FALSE(change.wait.has_value());
  }
}

TEST_CASE("the reason of a blocked move names each blocker code once, in the order found") {
  const auto journey = journey_in(State::pending);
  const auto change = blocked_change(
      journey, {a_blocker("s1"), a_blocker("e1", BlockerCode::software), a_blocker("s2")}, {}, {}, k_now);
  CHECK(change.moves.back().reason == "active-subscription;software");
  CHECK(change.detail.find("Licences (active)") != std::string::npos);
}

TEST_CASE("a re-check that finds the same blockers moves nothing and still says when it was") {
  const auto journey = journey_in(State::blocked);
  const auto change = blocked_change(journey, {a_blocker("s1")}, {a_blocker("s1")}, evidence_of(200), k_now);
  check_moves(change, State::blocked);
  CHECK(change.moves.empty());
  CHECK_FALSE(change.blockers.has_value());
  REQUIRE(change.check.has_value());
  CHECK(change.check->at == k_now);
}

TEST_CASE("a re-check that finds another blocker is a change") {
  const auto journey = journey_in(State::blocked);
  const auto change = blocked_change(journey, {a_blocker("s2")}, {a_blocker("s1")}, {}, k_now);
  check_moves(change, State::blocked);
  CHECK(change.moves.size() == 2);
  CHECK(change.blockers->front().object_id == "s2");
}

TEST_CASE("facts without a blocker lead to ready, and leave a tenant that is ready or patching there") {
  for (const auto state : k_open_states) {
    CAPTURE(name_of(state));
    const auto change = ready_change(journey_in(state), evidence_of(200), k_now);
    check_moves(change, state);
    CHECK(change.check.has_value());
    const bool stays = state == State::ready || state == State::patching;
    CHECK(change.moves.empty() == stays);
    CHECK(state_after(change) == (state == State::patching ? State::patching : State::ready));
    if (!stays) {
      CHECK(change.moves.back().reason == k_reason_no_blocker);
      REQUIRE(change.blockers.has_value());
      CHECK(change.blockers->empty());
    }
    CHECK(change.open_patch.has_value() == (state == State::patching));
  }
}

TEST_CASE("the ids of an open PATCH stay in sight while the tenant is found ready again") {
  const auto change = ready_change(journey_in(State::patching), evidence_of(200), k_now);
  CHECK_FALSE(change.evidence.has_value());
}

TEST_CASE("an intent is a move from ready, none from patching, and names the ids of its PATCH") {
  for (const auto state : {State::ready, State::patching}) {
    auto journey = journey_in(state);
    journey.work.open_patch = an_open_patch();
    const auto change = intent_change(journey, k_now);
    check_moves(change, state);
    CHECK(state_after(change) == State::patching);
    CHECK(change.moves.size() == (state == State::ready ? 1 : 0));
    REQUIRE(change.open_patch.has_value());
    CHECK(change.open_patch->request_id == an_open_patch().request_id);
    REQUIRE(change.evidence.has_value());
    CHECK(change.evidence->request_id == an_open_patch().request_id);
    CHECK(change.evidence->correlation_id == an_open_patch().correlation_id);
    if (state == State::ready) CHECK(change.moves.front().reason == k_reason_intent);
  }
}

TEST_CASE("only what reads found of a tenant without a PATCH and without a wait is found again") {
  for (const auto state : {State::pending, State::checked, State::blocked, State::ready}) {
    CAPTURE(name_of(state));
    auto journey = journey_in(state);
    CHECK(is_found_again(blocked_change(journey, {a_blocker("s1")}, {}, evidence_of(200), k_now)));
    CHECK(is_found_again(ready_change(journey, evidence_of(200), k_now)));
    CHECK_FALSE(is_found_again(patched_change(journey, "", evidence_of(200), k_now)));
    CHECK_FALSE(is_found_again(failed_change(journey, evidence_of(404), k_now)));
    CHECK_FALSE(is_found_again(unmoved_change(journey, evidence_of(503), "")));
    journey.wait = Wait{k_now, k_now + seconds(30)};
    CHECK_FALSE(is_found_again(blocked_change(journey, {a_blocker("s1")}, {}, evidence_of(200), k_now)));
  }
  auto open = journey_in(State::patching);
  CHECK_FALSE(is_found_again(blocked_change(open, {a_blocker("s1")}, {}, evidence_of(200), k_now)));
  CHECK_FALSE(is_found_again(ready_change(open, evidence_of(200), k_now)));
  auto begun = journey_in(State::ready);
  begun.work.open_patch = an_open_patch();
  CHECK_FALSE(is_found_again(intent_change(begun, k_now)));
}

TEST_CASE("a relationship that is gone leads every open state to patched and closes the PATCH") {
  for (const auto state : k_open_states) {
    CAPTURE(name_of(state));
    const auto change =
        patched_change(journey_in(state), k_reason_already_removed, evidence_of(403, "20002"), k_now);
    check_moves(change, state);
    CHECK(state_after(change) == State::patched);
    CHECK(change.moves.back().reason == k_reason_already_removed);
    CHECK(change.moves.back().evidence.http_status == 403);
    CHECK(change.evidence->error_code == "20002");
    CHECK_FALSE(change.open_patch.has_value());
    REQUIRE(change.blockers.has_value());
    CHECK(change.blockers->empty());
  }
}

TEST_CASE("a withdrawn tenant whose PATCH turns out to have worked is patched, and its PATCH closed") {
  auto journey = journey_in(State::withdrawn);
  journey.work.open_patch = an_open_patch();
  const auto change = patched_change(journey, k_reason_read_back, evidence_of(403), k_now);
  check_moves(change, State::withdrawn);
  CHECK(change.moves.size() == 1);
  CHECK(state_after(change) == State::patched);
  CHECK_FALSE(change.open_patch.has_value());
}

TEST_CASE("a definite no leads every open state to failed, under the service's code or the status") {
  for (const auto state : k_open_states) {
    CAPTURE(name_of(state));
    auto change = failed_change(journey_in(state), evidence_of(404, "1000", "Not found"), k_now);
    check_moves(change, state);
    CHECK(state_after(change) == State::failed);
    CHECK(reasons_of(change) == "1000");
    CHECK(change.detail == "Not found");
    CHECK(change.evidence->http_status == 404);
    change = failed_change(journey_in(state), evidence_of(302), k_now);
    CHECK(reasons_of(change) == "http-302");
  }
}

TEST_CASE("only a definite answer to the PATCH itself closes it when a tenant fails") {
  for (const auto step : {Step::read_customer, Step::read_subscriptions, Step::read_entitlements,
                          Step::read_back, Step::remove}) {
    auto journey = journey_in(State::patching);
    journey.step = step;
    const auto change = failed_change(journey, evidence_of(403, "2032"), k_now);
    CHECK(state_after(change) == State::failed);
    CHECK(change.open_patch.has_value() == (step != Step::remove));
  }
}

TEST_CASE("a withdrawn tenant does not fail, and its PATCH stays open") {
  auto journey = journey_in(State::withdrawn);
  journey.work.open_patch = an_open_patch();
  const auto change = failed_change(journey, evidence_of(404, "1000"), k_now);
  CHECK(change.moves.empty());
  CHECK(change.open_patch.has_value());
}

TEST_CASE("a tenant that got no further keeps its state, its PATCH and its attempts") {
  for (const auto state : k_open_states) {
    const auto until = k_now + seconds(60);
    auto journey = journey_in(state);
    journey.wait = Wait{k_now, until};
    const auto change = unmoved_change(journey, evidence_of(503, "x"), "gave up");
    check_moves(change, state);
    CHECK(change.moves.empty());
    CHECK(change.detail == "gave up");
    REQUIRE(change.wait);
    CHECK(change.wait->until == until);
    CHECK(change.evidence->http_status == 503);
    CHECK_FALSE(change.check.has_value());
    CHECK_FALSE(change.blockers.has_value());
    CHECK(change.open_patch.has_value() == (state == State::patching));
  }
}

}  // namespace offboard::test
