#include "ledger_for_tests.hpp"

namespace offboard::test {

TEST_CASE("a run is recorded from its start, and has no end yet") {
  const Given given;
  Ledger ledger(given.file);
  begin_run(ledger, run_start('a', "check"), list_of("1"), FailedTenants::leave);
  const auto runs = run_rows(given.file);
  REQUIRE(runs.size() == 1);
  CHECK(runs[0].run_id == guid('a').text());
  CHECK(runs[0].command == "check");
  CHECK(runs[0].started_at == "2026-11-23T01:38:07.123Z");
  CHECK(runs[0].ended_at.empty());
  CHECK(runs[0].outcome.empty());
  CHECK_FALSE(runs[0].exit_code);
  CHECK(runs[0].version == "0.1.0");
  CHECK(runs[0].user == "alice");
  CHECK(runs[0].host == "host-1");
}

TEST_CASE("a run's end is recorded with what stands then, and with its requests") {
  const Given given;
  Ledger ledger(given.file);
  begin_run(ledger, run_start('a'), list_of("1234"), FailedTenants::leave);
  ledger.commit({change_of(Given::work_on(ledger, '1'), {State::checked, State::patched}),
                 change_of(Given::work_on(ledger, '2'), {State::checked, State::blocked}),
                 change_of(Given::work_on(ledger, '3'), {State::failed})},
                {5, 1});
  CHECK(run_rows(given.file)[0].requests == 5);
  ledger.finish_run("failed", 4, time_at(60), {9, 2});
  const auto run = run_rows(given.file)[0];
  CHECK(run.ended_at == iso_text(time_at(60)));
  CHECK(run.outcome == "failed");
  CHECK(run.exit_code == 4);
  CHECK(run.tenants == 4);
  CHECK(run.patched == 1);
  CHECK(run.blocked == 1);
  CHECK(run.failed == 1);
  CHECK(run.requests == 9);
  CHECK(run.throttled == 2);
}

TEST_CASE("a run that never came to its end is interrupted, as the next one finds out") {
  const Given given;
  {
    Ledger ledger(given.file);
    begin_run(ledger, run_start('a'), list_of("1"), FailedTenants::leave);
  }
  {
    Ledger ledger(given.file);
    begin_run(ledger, run_start('b'), list_of("1"), FailedTenants::leave);
    ledger.finish_run("completed", 0, time_at(1), {});
  }
  given.begin('c', list_of("1"));
  const auto runs = run_rows(given.file);
  REQUIRE(runs.size() == 3);
  CHECK(runs[0].outcome == "interrupted");
  CHECK(runs[0].ended_at.empty());
  CHECK_FALSE(runs[0].exit_code);
  CHECK(runs[1].outcome == "completed");
  CHECK(runs[2].outcome.empty());
}

TEST_CASE("runs are listed oldest first") {
  const Given given;
  for (const char run : std::string("fae")) given.begin(run, list_of("1"));
  std::string order;
  for (const auto& row : run_rows(given.file)) order += row.run_id[0];
  CHECK(order == "fae");
}

TEST_CASE("a run's counters are its own") {
  const Given given;
  for (const char run : std::string("ab")) {
    Ledger ledger(given.file);
    begin_run(ledger, run_start(run), list_of("1"), FailedTenants::leave);
    ledger.commit({}, {run == 'a' ? 3 : 4, 0});
  }
  CHECK(run_rows(given.file)[0].requests == 3);
  CHECK(run_rows(given.file)[1].requests == 4);
}

TEST_CASE("the same run cannot begin twice") {
  const Given given;
  given.begin('a', list_of("1"));
  CHECK_THROWS_AS(given.begin('a', list_of("12")), MachineTrouble);
  CHECK(tenant_rows(given.file).size() == 1);
}

TEST_CASE("a tenant's row names the run that last did something there") {
  const Given given;
  given.begin('a', list_of("12"));
  given.move('b', list_of("12"), '1', {State::checked});
  given.begin('c', list_of("12"));
  CHECK(tenant_rows(given.file)[0].run_id == guid('b').text());
  CHECK(tenant_rows(given.file)[1].run_id == guid('a').text());
}

TEST_CASE("a run knows who signed in for it, one after the other, and no other run does") {
  const Given given;
  given.begin('a', list_of("1"));
  Ledger ledger(given.file);
  begin_run(ledger, run_start('b'), list_of("1"), FailedTenants::leave);
  CHECK(run_rows(given.file)[1].signed_in.empty());
  ledger.note_signed_in("jane");
  CHECK(run_rows(given.file)[1].signed_in == "jane");
  ledger.note_signed_in("joe");
  CHECK(run_rows(given.file)[1].signed_in == "jane, then joe");
  CHECK(run_rows(given.file)[0].signed_in.empty());
  CHECK(given.ask("select signed_in is null from run where number = 1") == "1");
}

}  // namespace offboard::test
