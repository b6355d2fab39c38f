#include "ledger_for_tests.hpp"

namespace offboard::test {
namespace {

std::string counts_of(const LedgerReader& reader) {
  std::string text;
  for (const auto& [state, count] : reader.counts_by_state())
    text += state + "=" + std::to_string(count) + " ";
  return text;
}

std::size_t rows_of(const LedgerReader& reader) {
  std::size_t rows = 0;
  reader.for_each_history([&](const HistoryRow&) { ++rows; });
  return rows;
}

}  // namespace

TEST_CASE("a reader sees the ledger as it was when the reader was made, whatever is committed since") {
  const Given given;
  Ledger ledger(given.file);
  begin_run(ledger, run_start('a'), list_of("12"), FailedTenants::leave);
  const LedgerReader early(given.file);
  ledger.commit({change_of(Given::work_on(ledger, '1'), {State::checked, State::ready})}, {});
  const LedgerReader late(given.file);
  CHECK(rows_of(early) == 2);
  CHECK(rows_of(late) == 4);
  CHECK(counts_of(early).find("pending=2") != std::string::npos);
  CHECK(counts_of(late).find("pending=1") != std::string::npos);
  std::string states;
  early.for_each_tenant([&](const TenantRow& row) { states += row.state + " "; });
  CHECK(states == "pending pending ");
  CHECK(early.verify().empty());
  CHECK(late.verify().empty());
}

TEST_CASE("a reader does not hold up the run, nor the run a reader") {
  const Given given;
  Ledger ledger(given.file);
  begin_run(ledger, run_start('a'), list_of("1"), FailedTenants::leave);
  const LedgerReader reader(given.file);
  std::size_t rows = 0;
  reader.for_each_history([&](const HistoryRow&) {
    ledger.commit({change_of(Given::work_on(ledger, '1'), {State::checked})}, {});
    ++rows;
  });
  CHECK(rows == 1);
  CHECK(given.state_of('1') == "checked");
}

TEST_CASE(
    "the states are counted in their order, zeros included, withdrawn off the list and the others on it") {
  const Given given;
  {
    Ledger ledger(given.file);
    begin_run(ledger, run_start('a'), list_of("12345678"), FailedTenants::leave);
    ledger.commit({change_of(Given::work_on(ledger, '1'), {State::checked}),
                   change_of(Given::work_on(ledger, '2'), {State::checked, State::blocked}),
                   change_of(Given::work_on(ledger, '3'), {State::checked, State::ready}),
                   change_of(Given::work_on(ledger, '4'), {State::checked, State::ready, State::patching}),
                   change_of(Given::work_on(ledger, '5'), {State::checked, State::patched}),
                   change_of(Given::work_on(ledger, '6'), {State::failed})},
                  {});
    const auto standing = ledger.standing();
    CHECK(standing.tenants == 8);
    CHECK(standing.pending == 2);
    CHECK(standing.patched == 1);
  }
  CHECK(counts_of(LedgerReader(given.file)) ==
        "pending=2 checked=1 blocked=1 ready=1 patching=1 patched=1 failed=1 withdrawn=0 ");
  given.begin('b', list_of("7"));
  CHECK(counts_of(LedgerReader(given.file)) ==
        "pending=1 checked=0 blocked=0 ready=0 patching=0 patched=0 failed=0 withdrawn=6 ");
  CHECK(Ledger(given.file).standing().tenants == 1);
}

TEST_CASE("a tenant's blockers stand in its row, in their order") {
  const Given given;
  Ledger ledger(given.file);
  begin_run(ledger, run_start('a'), list_of("12"), FailedTenants::leave);
  auto change = change_of(Given::work_on(ledger, '2'), {State::checked, State::blocked});
  change.check = CheckRecord{time_at(1), "", "", "reseller", 0, 0};
  change.blockers = {blocker(BlockerCode::software, "z"), blocker(BlockerCode::active_subscription, "a"),
                     blocker(BlockerCode::unrecognized, "")};
  ledger.commit({change}, {});
  const auto rows = tenant_rows(given.file);
  CHECK(rows[0].blockers.empty());
  CHECK(rows[1].blockers == "software:z;active-subscription:a;unrecognized:");
  const auto blockers = blocker_rows(given.file);
  REQUIRE(blockers.size() == 3);
  CHECK(blockers[0].tenant_id == guid('2').text());
  CHECK(blockers[0].company_name == "Company 2");
  CHECK(blockers[0].domain == "2.example");
  CHECK(blockers[0].object_name == "name of z");
  CHECK(blockers[0].object_status == "active");
  CHECK(blockers[0].what_to_do == "do something");
}

TEST_CASE("blockers come tenant by tenant in the list's order, and none of a tenant off the list") {
  const Given given;
  {
    Ledger ledger(given.file);
    begin_run(ledger, run_start('a'), list_of("321"), FailedTenants::leave);
    for (const char digit : std::string("123")) {
      auto change = change_of(Given::work_on(ledger, digit), {State::checked, State::blocked});
      change.blockers = {blocker(BlockerCode::software, std::string(1, digit))};
      ledger.commit({change}, {});
    }
  }
  std::string order;
  for (const auto& row : blocker_rows(given.file)) order += row.object_id;
  CHECK(order == "321");
  given.begin('b', list_of("13"));
  order.clear();
  for (const auto& row : blocker_rows(given.file)) order += row.object_id;
  CHECK(order == "13");
}

TEST_CASE("what was never recorded is empty, or no number") {
  const Given given;
  given.begin('a', list_of("1"));
  const auto row = tenant_rows(given.file)[0];
  CHECK(row.attempts == 0);
  CHECK_FALSE(row.http_status);
  for (const auto& text : {row.blockers, row.detail, row.checked_at, row.patched_at, row.error_code,
                           row.request_id, row.correlation_id, row.note})
    CHECK(text.empty());
}

TEST_CASE("what a taker of rows throws comes through") {
  const Given given;
  given.begin('a', list_of("1"));
  const LedgerReader reader(given.file);
  CHECK_THROWS_WITH(reader.for_each_tenant([](const TenantRow&) { throw std::runtime_error("disk full"); }),
                    "disk full");
}

TEST_CASE("any text that a list may hold comes back as it was") {
  const Given given;
  const std::string odd = "\"'; drop table tenant; -- \xF0\x9F\xA6\x86\r\n\t=1+1";
  given.begin('a', {{guid('1'), odd, odd, odd}});
  const auto row = tenant_rows(given.file)[0];
  CHECK(row.company_name == odd);
  CHECK(row.domain == odd);
  CHECK(row.note == odd);
}

}  // namespace offboard::test
