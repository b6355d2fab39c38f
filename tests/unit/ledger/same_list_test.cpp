#include "ledger_for_tests.hpp"

// A run over the list that was taken over last does not look at every tenant.

namespace offboard::test {
namespace {

const ListRecord k_record = {"digest", {"list.csv:1:1: a remark", "list.csv:2:1: another"}};

struct TakenOver : Given {
  explicit TakenOver(const std::string& digits = "123") {
    begin_run(ledger, run_start('a'), list_of(digits), FailedTenants::leave, k_record);
  }
  [[nodiscard]] std::string digest() const { return ledger.list_record().digest; }

  Ledger ledger{file};
};

}  // namespace

TEST_CASE("the ledger keeps which list it took over, and what was remarked about it") {
  TakenOver given;
  CHECK(given.digest() == k_record.digest);
  CHECK(given.ledger.list_record().notices == k_record.notices);
  CHECK(LedgerReader(given.file).list_record().notices == k_record.notices);
  begin_run(given.ledger, run_start('b'), list_of("12"), FailedTenants::leave, {"other", {}});
  CHECK(given.digest() == "other");
  CHECK(given.ledger.list_record().notices.empty());
  begin_run(given.ledger, run_start('c'), list_of("12"), FailedTenants::leave);
  CHECK(given.digest().empty());
}

TEST_CASE("a run over the same list begins as one that took it over anew, without history") {
  TakenOver given;
  given.ledger.commit({change_of(Given::work_on(given.ledger, '1'), {State::checked, State::blocked})}, {});
  const auto before = history_rows(given.file).size();
  const auto counts = given.ledger.begin_run_with_same_list(run_start('b'), FailedTenants::leave);
  CHECK(counts.listed == 3);
  CHECK(counts.added == 0);
  CHECK(counts.withdrawn == 0);
  CHECK(history_rows(given.file).size() == before);
  CHECK(given.ledger.work().size() == 3);
  const auto runs = run_rows(given.file);
  REQUIRE(runs.size() == 2);
  CHECK(runs[0].outcome == "interrupted");
  CHECK(given.findings().empty());
}

TEST_CASE("over the same list too, failed tenants are taken up again only when the job says so") {
  TakenOver given;
  given.ledger.commit({change_of(Given::work_on(given.ledger, '2'), {State::failed})}, {});
  given.ledger.begin_run_with_same_list(run_start('b'), FailedTenants::leave);
  CHECK(given.state_of('2') == "failed");
  given.ledger.begin_run_with_same_list(run_start('c'), FailedTenants::retry);
  CHECK(given.state_of('2') == "pending");
  CHECK(history_rows(given.file).back().reason == "retry-failed");
  CHECK(given.findings().empty());
}

TEST_CASE("over the same list too, waits of a clock that was set back begin anew") {
  TakenOver given;
  auto hasty = change_of(Given::work_on(given.ledger, '1'), {});
  hasty.wait = Wait{time_at(5000), time_at(5060)};
  given.ledger.commit({hasty}, {});
  auto start = run_start('b');
  start.at = time_at(10);
  given.ledger.begin_run_with_same_list(start, FailedTenants::leave);
  CHECK(Given::work_on(given.ledger, '1').wait->until == time_at(70));
}

TEST_CASE("what a run does to tenants leaves the list known") {
  TakenOver given;
  given.ledger.commit({change_of(Given::work_on(given.ledger, '1'),
                                 {State::checked, State::ready, State::patching, State::patched}),
                       change_of(Given::work_on(given.ledger, '2'), {State::failed}),
                       change_of(Given::work_on(given.ledger, '3'), {State::checked, State::blocked})},
                      {});
  given.ledger.finish_run("completed", 4, time_at(9), {});
  CHECK(given.digest() == k_record.digest);
}

TEST_CASE("whoever changes by hand who is on the list, or what it says of them, has it read again") {
  for (const std::string sql :
       {"update tenant set position = null where number = 1",
        "update tenant set position = 7 where number = 1",
        "update tenant set tenant_id = 'x' where number = 1",
        "update tenant set company_name = 'x' where number = 1",
        "update tenant set domain = 'x' where number = 1", "update tenant set note = 'x' where number = 1",
        "update tenant set number = 9 where number = 1", "delete from tenant where number = 1",
        "insert into tenant (tenant_id, position, company_name, domain, note, state) "
        "values ('ffffffff-0000-4000-8000-000000000001', 9, '', '', '', 'pending')"}) {
    TakenOver given;
    given.tamper(sql);
    CAPTURE(sql);
    CHECK(given.digest().empty());
    CHECK_THROWS_AS(given.ledger.begin_run_with_same_list(run_start('b'), FailedTenants::leave), Defect);
  }
}

TEST_CASE("an import that fails leaves the list known that is there") {
  TakenOver given;
  CHECK_THROWS_AS(
      begin_run(given.ledger, run_start('b'), list_of("344"), FailedTenants::leave, {"other", {}}),
      MachineTrouble);
  CHECK(Ledger(given.file).list_record().digest == k_record.digest);
}

TEST_CASE("after an import of many, the ledger's own indexes, guards and counts are as in a fresh one") {
  TakenOver given("12");
  const auto objects = [&] {
    return given.ask("select group_concat(sql, ';') from (select sql from sqlite_schema order by name)");
  };
  const Given fresh;
  { const Ledger ledger(fresh.file); }
  const auto expected =
      fresh.ask("select group_concat(sql, ';') from (select sql from sqlite_schema order by name)");
  CHECK(objects() == expected);
  begin_run(given.ledger, run_start('b'), list_of("2345678"),
            FailedTenants::leave);  // by far more than before
  CHECK(objects() == expected);
  CHECK(given.findings().empty());
  begin_run(given.ledger, run_start('c'), list_of("23456789"), FailedTenants::leave);  // one more
  CHECK(given.findings().empty());
  CHECK(given.ledger.standing().tenants == 8);
}

TEST_CASE("a wrong count of states is found, and so is a guard of the counts or the list that is gone") {
  TakenOver given;
  given.tamper("update standing set tenants = 2 where state = 'pending'");
  REQUIRE(given.findings().size() == 1);
  CHECK(given.findings()[0] == "3 tenants are pending, the ledger counts 2");
  given.tamper("update standing set tenants = 3 where state = 'pending'");
  CHECK(given.findings().empty());
  for (const std::string guard :
       {"standing_counts_the_new", "standing_forgets_the_gone", "standing_follows_moves",
        "list_has_a_row_more", "list_has_a_row_less", "list_is_not_as_taken_over"}) {
    const auto sql = given.ask("select sql from sqlite_schema where name = '" + guard + "'");
    given.tamper("drop trigger " + guard);
    CHECK(given.findings() ==
          std::vector<std::string>{"the guard " + guard + " has been removed or altered"});
    given.tamper(sql);
  }
}

TEST_CASE("the counts follow every change made by hand") {
  TakenOver given("12345678");
  for (const std::string sql : {"update tenant set state = 'blocked' where number in (1, 2)",
                                "update tenant set position = null, state = 'withdrawn' where number = 1",
                                "update tenant set position = null where number = 3",
                                "update tenant set position = 20, state = 'failed' where number in (1, 3)",
                                "delete from tenant where number in (2, 4)"}) {
    given.tamper(sql);
    CHECK(given.ask("select count(*) from standing where tenants <> (select count(*) from tenant where "
                    "tenant.state = standing.state and (position is not null) = (state <> 'withdrawn'))") ==
          "0");
  }
}

}  // namespace offboard::test
