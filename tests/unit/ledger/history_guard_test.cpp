#include "ledger_for_tests.hpp"

namespace offboard::test {
namespace {

struct WithHistory : Given {
  WithHistory() { begin('a', list_of("123")); }
};

}  // namespace

TEST_CASE("no row of the history can be changed") {
  const WithHistory given;
  for (const std::string column : {"seq", "at", "run_id", "tenant_id", "from_state", "to_state", "reason",
                                   "error_code", "request_id", "correlation_id", "hash"}) {
    INFO(column);
    const std::string value = column == "seq" ? "9" : "'x'";
    CHECK_THROWS_WITH(given.tamper("update history set " + column + " = " + value + " where seq = 2"),
                      Catch::Contains("append-only"));
  }
  CHECK_THROWS_WITH(given.tamper("update history set http_status = 1"), Catch::Contains("append-only"));
}

TEST_CASE("no row of the history can be deleted") {
  const WithHistory given;
  for (const std::string which : {"where seq = 1", "where seq = 2", "where seq = 3", ""})
    CHECK_THROWS_WITH(given.tamper("delete from history " + which), Catch::Contains("append-only"));
  CHECK(history_rows(given.file).size() == 3);
}

TEST_CASE("no row of the history can be put in anywhere but at its end") {
  const WithHistory given;
  for (const std::string seq : {"0", "-1", "5", "100"}) {
    INFO(seq);
    CHECK_THROWS_WITH(given.tamper("insert into history values (" + seq +
                                   ", '', '', '', null, 'pending', '', null, null, null, null, '')"),
                      Catch::Contains("no gap"));
  }
  CHECK_THROWS(
      given.tamper("insert into history values (2, '', '', '', null, 'x', '', null, null, null, null, '')"));
}

TEST_CASE("a row cannot be replaced by writing it again") {
  const WithHistory given;
  CHECK_THROWS(given.tamper(
      "insert or replace into history select seq, at, run_id, tenant_id, from_state, 'patched', reason, "
      "http_status, error_code, request_id, correlation_id, hash from history where seq = 2"));
  CHECK(history_rows(given.file)[1].to_state == "pending");
}

TEST_CASE("every guard of the history that is missing is a finding") {
  for (const std::string guard :
       {"history_is_never_updated", "history_is_never_deleted", "history_has_no_gap"}) {
    const WithHistory given;
    CHECK(given.findings().empty());
    given.tamper("drop trigger " + guard);
    REQUIRE(given.findings().size() == 1);
    CHECK_THAT(given.findings()[0], Catch::Contains(guard));
  }
}

TEST_CASE("an index that is missing is a finding") {
  for (const std::string index : {"tenant_by_id", "tenant_by_position", "tenant_by_turn", "tenant_by_wait"}) {
    const WithHistory given;
    given.tamper("drop index " + index);
    REQUIRE(given.findings().size() == 1);
    CHECK_THAT(given.findings()[0], Catch::Contains(index));
  }
}

TEST_CASE("a guard that was replaced by one that guards nothing is a finding") {
  const WithHistory given;
  given.tamper(
      "drop trigger history_is_never_updated; create trigger history_is_never_updated before update on "
      "history "
      "begin select 1; end");
  CHECK_FALSE(given.findings().empty());
}

}  // namespace offboard::test
