#include "ledger_for_tests.hpp"

namespace offboard::test {
namespace {

/// A ledger in which tenants 1, 2 and 3 are pending.
struct Pending : Given {
  Ledger ledger{file};
  Pending() { begin_run(ledger, run_start('a'), list_of("123"), FailedTenants::leave); }
  [[nodiscard]] Work work(char digit) const { return work_on(ledger, digit); }
};

}  // namespace

TEST_CASE("a change is written whole: moves, evidence, check, attempts, ids, time of patching") {
  Pending given;
  auto change =
      change_of(given.work('2'), {State::checked, State::ready, State::patching, State::patched}, 5);
  change.moves[0].evidence = evidence(200);
  change.moves[3].evidence = evidence(403, "20002");
  change.evidence = evidence(403, "20002");
  change.check = CheckRecord{time_at(4), "Found AB", "found.example", "reseller", 3, 1};
  change.detail = "already-removed";
  change.attempts = 2;
  given.ledger.commit({change}, {});
  const auto row = tenant_rows(given.file)[1];
  CHECK(row.state == "patched");
  CHECK(row.detail == "already-removed");
  CHECK(row.checked_at == "2026-11-23T01:38:11.123Z");
  CHECK(row.patched_at == "2026-11-23T01:38:12.123Z");
  CHECK(row.attempts == 2);
  CHECK(row.http_status == 403);
  CHECK(row.error_code == "20002");
  CHECK(row.request_id == guid('e').text());
  CHECK(row.correlation_id == guid('f').text());
  CHECK(row.run_id == guid('a').text());
  CHECK(given.ask("select found_company_name || found_domain || found_relationship || found_subscriptions || "
                  "found_entitlements from tenant where tenant_id like '2%'") ==
        "Found ABfound.examplereseller31");
  const auto history = history_rows(given.file);
  REQUIRE(history.size() == 7);
  CHECK(history[3].from_state == "pending");
  CHECK(history[3].to_state == "checked");
  CHECK(history[3].http_status == 200);
  CHECK(history[3].request_id == guid('e').text());
  CHECK_FALSE(history[4].http_status);
  CHECK(history[4].request_id.empty());
  CHECK(history[6].error_code == "20002");
  CHECK(history[6].at == "2026-11-23T01:38:12.123Z");
}

TEST_CASE("a change without a move adds no history and moves checked_at") {
  Pending given;
  given.ledger.commit({change_of(given.work('1'), {State::checked, State::ready})}, {});
  const auto before = history_rows(given.file).size();
  auto change = change_of(given.work('1'), {});
  change.check = CheckRecord{time_at(99), "", "", "reseller", 0, 0};
  given.ledger.commit({change}, {});
  CHECK(history_rows(given.file).size() == before);
  CHECK(tenant_rows(given.file)[0].checked_at == iso_text(time_at(99)));
  CHECK(tenant_rows(given.file)[0].state == "ready");
}

TEST_CASE("a tenant that is not where the change expects it is a defect") {
  Pending given;
  auto change = change_of(given.work('1'), {State::checked});
  change.expected = State::ready;
  change.moves[0].from = State::ready;
  CHECK_THROWS_AS(given.ledger.commit({change}, {}), Defect);
  CHECK(given.state_of('1') == "pending");
}

TEST_CASE("a change without a move of a tenant that is elsewhere is a defect too") {
  Pending given;
  auto change = change_of(given.work('1'), {});
  change.expected = State::blocked;
  CHECK_THROWS_AS(given.ledger.commit({change}, {}), Defect);
}

TEST_CASE("a tenant that the ledger does not know is a defect") {
  Pending given;
  auto change = change_of(given.work('1'), {State::checked});
  change.number = 4711;
  CHECK_THROWS_AS(given.ledger.commit({change}, {}), Defect);
}

TEST_CASE("every move that is not legal is a defect and leaves nothing") {
  for (const auto from : {State::pending, State::checked, State::blocked, State::ready}) {
    const std::vector<State> way = from == State::pending   ? std::vector<State>{}
                                   : from == State::checked ? std::vector{State::checked}
                                                            : std::vector{State::checked, from};
    for (const auto to : k_all_states) {
      if (is_legal_move(from, to)) continue;
      INFO(name_of(from) << " to " << name_of(to));
      Pending given;
      if (!way.empty()) given.ledger.commit({change_of(given.work('1'), way)}, {});
      const auto before = history_rows(given.file).size();
      CHECK_THROWS_AS(given.ledger.commit({change_of(given.work('1'), {to})}, {}), Defect);
      CHECK(given.state_of('1') == name_of(from));
      CHECK(history_rows(given.file).size() == before);
      CHECK(given.findings().empty());
    }
  }
}

TEST_CASE("moves that do not join up are a defect") {
  Pending given;
  auto change = change_of(given.work('1'), {State::checked, State::ready});
  change.moves[1].from = State::blocked;
  CHECK_THROWS_AS(given.ledger.commit({change}, {}), Defect);
  CHECK(given.state_of('1') == "pending");
}

TEST_CASE("a batch in which one change fails leaves nothing of any of them") {
  for (const std::size_t bad : {0U, 1U, 2U}) {
    INFO(bad);
    Pending given;
    std::vector<Change> batch;
    for (const char digit : std::string("123")) {
      batch.push_back(change_of(given.work(digit), {State::checked, State::blocked}));
      batch.back().blockers = {blocker(BlockerCode::software, "order")};
      batch.back().check = CheckRecord{time_at(1), "", "", "reseller", 0, 0};
    }
    batch[bad].expected = State::checked;
    CHECK_THROWS_AS(given.ledger.commit(batch, {7, 8}), Defect);
    for (const char digit : std::string("123")) CHECK(given.state_of(digit) == "pending");
    CHECK(history_rows(given.file).size() == 3);
    CHECK(blocker_rows(given.file).empty());
    CHECK(tenant_rows(given.file)[0].checked_at.empty());
    CHECK(run_rows(given.file)[0].requests == 0);
    CHECK(given.findings().empty());
  }
}

TEST_CASE("a ledger opened anew after a failed commit goes on from what is on disk") {
  Pending given;
  auto bad = change_of(given.work('1'), {State::checked});
  bad.number = 4711;
  CHECK_THROWS_AS(given.ledger.commit({bad}, {}), Defect);
  given.move('b', list_of("123"), '1', {State::checked, State::ready});
  CHECK(given.state_of('1') == "ready");
  CHECK(given.findings().empty());
}

TEST_CASE("a tenant off the list cannot come to patching") {
  Pending given;
  begin_run(given.ledger, run_start('b'), list_of("23"), FailedTenants::leave);
  Work gone;
  gone.number = 1;
  gone.listed = tenant('1');
  gone.state = State::withdrawn;
  const auto way = change_of(gone, {State::pending, State::checked, State::ready, State::patching});
  CHECK_THROWS_AS(given.ledger.commit({way}, {}), Defect);
  CHECK(given.state_of('1') == "withdrawn");
}

TEST_CASE("a tenant off the list cannot pass through patching either") {
  Pending given;
  begin_run(given.ledger, run_start('b'), list_of("23"), FailedTenants::leave);
  Work gone;
  gone.number = 1;
  gone.listed = tenant('1');
  gone.state = State::withdrawn;
  const auto way =
      change_of(gone, {State::pending, State::checked, State::ready, State::patching, State::patched});
  CHECK_THROWS_AS(given.ledger.commit({way}, {}), Defect);
  CHECK(given.state_of('1') == "withdrawn");
}

TEST_CASE("a change that gives another tenant's GUID is a defect") {
  Pending given;
  auto change = change_of(given.work('1'), {State::checked});
  change.tenant_id = guid('2');
  CHECK_THROWS_AS(given.ledger.commit({change}, {}), Defect);
  CHECK(given.findings().empty());
}

TEST_CASE("an empty batch still keeps the counters") {
  Pending given;
  given.ledger.commit({}, {12, 3});
  CHECK(run_rows(given.file)[0].requests == 12);
  CHECK(run_rows(given.file)[0].throttled == 3);
}

TEST_CASE("a whole large batch is one commit") {
  Given given;
  TenantList list;
  for (int i = 0; i < 1000; ++i) {
    const auto text = std::to_string(100'000'000'000 + i);
    list.push_back({*Guid::parse("11111111-1111-4111-8111-" + text), "", "", ""});
  }
  Ledger ledger(given.file);
  begin_run(ledger, run_start('a'), list, FailedTenants::leave);
  std::vector<Change> batch;
  for (const auto& work : ledger.work()) batch.push_back(change_of(work, {State::checked, State::ready}));
  ledger.commit(batch, {});
  CHECK(ledger.standing().ready == 1000);
  CHECK(history_rows(given.file).size() == 3000);
  CHECK(given.findings().empty());
}

}  // namespace offboard::test
