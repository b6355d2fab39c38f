#include "ledger_for_tests.hpp"

// Whatever is altered behind the guards, verify() must say so.

namespace offboard::test {
namespace {

/// The guards as they stand in a ledger, to be put back after the deed.
std::vector<std::string> guards_of(SQLite::Database& database) {
  std::vector<std::string> guards;
  SQLite::Statement select(database,
                           "select sql from sqlite_schema where type = 'trigger' and tbl_name = 'history'");
  while (select.executeStep()) guards.push_back(select.getColumn(0).getString());
  return guards;
}

/// The bytes of a ledger with a history of every kind of row. Made once: a ledger waits for the disk.
const std::string& sound_ledger() {
  static const std::string bytes = [] {
    const Given given;
    given.begin('a', list_of("123"));
    {
      Ledger ledger(given.file);
      begin_run(ledger, run_start('b'), list_of("123"), FailedTenants::leave);
      auto patched = change_of(Given::work_on(ledger, '1'),
                               {State::checked, State::ready, State::patching, State::patched});
      for (auto& move : patched.moves) move.evidence = evidence(200, "code");
      auto failed = change_of(Given::work_on(ledger, '2'), {State::failed});
      ledger.commit({patched, failed}, {});
    }
    given.tamper("pragma journal_mode = delete");
    return content_of(given.file);
  }();
  return bytes;
}

/// Such a ledger, to be tampered with.
struct Told : Given {
  Told() { put(file, sound_ledger()); }

  /// Alters the history as somebody would who knows about the guards and leaves no sign of having removed
  /// them.
  void alter(const std::string& sql) const {
    SQLite::Database database(file.string(), SQLite::OPEN_READWRITE);
    database.exec("pragma synchronous = off");
    const auto guards = guards_of(database);
    REQUIRE(guards.size() == 3);
    for (const std::string name :
         {"history_is_never_updated", "history_is_never_deleted", "history_has_no_gap"})
      database.exec("drop trigger " + name);
    database.exec(sql);
    for (const auto& guard : guards) database.exec(guard);
  }
};

const std::vector<std::string> k_texts = {"at",     "run_id",     "tenant_id",  "from_state",     "to_state",
                                          "reason", "error_code", "request_id", "correlation_id", "hash"};

}  // namespace

TEST_CASE("an untouched history verifies, also after its guards were taken away and put back") {
  const Told told;
  told.alter("select 1");
  CHECK(told.findings().empty());
}

TEST_CASE("a text changed in any column of any row is found") {
  for (const auto& column : k_texts) {
    for (int seq = 1; seq <= 8; ++seq) {
      INFO(column << " of row " << seq);
      const Told told;
      told.alter("update history set " + column + " = coalesce(" + column +
                 ", '') || 'x' where seq = " + std::to_string(seq));
      CHECK_FALSE(told.findings().empty());
    }
  }
}

TEST_CASE("a number changed in any row is found") {
  for (int seq = 1; seq <= 8; ++seq) {
    for (const std::string value :
         {"coalesce(http_status, 0) + 1", "case when http_status is null then 0 end"}) {
      INFO(value << " in row " << seq);
      const Told told;
      told.alter("update history set http_status = " + value + " where seq = " + std::to_string(seq));
      CHECK_FALSE(told.findings().empty());
    }
  }
}

TEST_CASE("a value taken out of a row is found") {
  for (const std::string column :
       {"from_state", "http_status", "error_code", "request_id", "correlation_id"}) {
    INFO(column);
    const Told told;
    told.alter("update history set " + column + " = null where seq = 6");
    CHECK_FALSE(told.findings().empty());
  }
}

TEST_CASE("a null that was made an empty text is found") {
  for (const std::string column : {"from_state", "error_code", "request_id", "correlation_id"}) {
    INFO(column);
    const Told told;
    told.alter("update history set " + column + " = '' where seq = 1 and " + column + " is null");
    CHECK_FALSE(told.findings().empty());
  }
}

TEST_CASE("a row that was deleted is found: the first, one in the middle, the last, all of them") {
  for (const std::string which : {"seq = 1", "seq = 4", "seq = 8", "seq > 4", "true"}) {
    INFO(which);
    const Told told;
    told.alter("delete from history where " + which);
    CHECK_FALSE(told.findings().empty());
  }
}

TEST_CASE("an end that was cut off is found even when the ledger's head was made to fit") {
  for (const std::string last : {"7", "5", "3"}) {
    INFO(last);
    const Told told;
    told.alter("delete from history where seq > " + last + "; update ledger set history_seq = " + last +
               ", history_hash = (select hash from history where seq = " + last + ")");
    CHECK_FALSE(told.findings().empty());
  }
  const Told told;
  told.alter("delete from history; update ledger set history_seq = 0, history_hash = '" +
             std::string(64, '0') + "'");
  CHECK_FALSE(told.findings().empty());
}

TEST_CASE("rows that changed places are found") {
  const Told told;
  told.alter(
      "update history set seq = 100 where seq = 4; update history set seq = 4 where seq = 5; "
      "update history set seq = 5 where seq = 100");
  CHECK_FALSE(told.findings().empty());
}

TEST_CASE("rows renumbered after one was taken out are found") {
  const Told told;
  told.alter(
      "delete from history where seq = 4; update history set seq = seq - 1 where seq > 4; "
      "update ledger set history_seq = 7");
  CHECK_FALSE(told.findings().empty());
}

TEST_CASE("a row added without its hash, or with a hash copied from elsewhere, is found") {
  for (const std::string hash : {"''", "(select hash from history where seq = 8)"}) {
    const Told told;
    told.alter("insert into history values (9, '2026-11-23T01:38:07.123Z', 'r', '" + guid('3').text() +
               "', 'pending', 'checked', 'x', null, null, null, null, " + hash +
               "); update ledger set history_seq = 9, history_hash = " + hash +
               "; update tenant set state = 'checked' "
               "where tenant_id like '3%'");
    CHECK_FALSE(told.findings().empty());
  }
}

TEST_CASE("a changed head is found") {
  for (const std::string sql :
       {"history_seq = 7", "history_seq = 9", "history_hash = 'x'", "history_hash = upper(history_hash)"}) {
    INFO(sql);
    const Told told;
    told.tamper("update ledger set " + sql);
    CHECK_FALSE(told.findings().empty());
  }
}

TEST_CASE("a tenant whose state is not where its history ends is found") {
  for (const auto state : k_all_states) {
    for (const auto& [digit, own] :
         {std::pair{"1", State::patched}, {"2", State::failed}, {"3", State::pending}}) {
      if (state == own) continue;
      INFO(digit << " " << name_of(state));
      const Told told;
      told.tamper("update tenant set state = '" + std::string(name_of(state)) + "' where tenant_id like '" +
                  digit + "%'");
      CHECK_FALSE(told.findings().empty());
    }
  }
}

TEST_CASE("a tenant that was added, taken out or given another GUID is found") {
  for (const std::string sql : {"delete from tenant where tenant_id like '3%'",
                                "update tenant set tenant_id = upper('abc') where tenant_id like '3%'",
                                "insert into tenant (tenant_id, company_name, domain, note, state) values "
                                "('x', '', '', '', 'pending')"}) {
    INFO(sql);
    const Told told;
    told.tamper(sql);
    CHECK_FALSE(told.findings().empty());
  }
}

TEST_CASE("findings are sentences, and a thoroughly broken history does not bring thousands of them") {
  Given given;
  TenantList list;
  for (int i = 0; i < 200; ++i)
    list.push_back(
        {*Guid::parse("11111111-1111-4111-8111-" + std::to_string(100'000'000'000 + i)), "", "", ""});
  given.begin('a', list);
  given.tamper("drop trigger history_is_never_updated; update history set hash = 'x'");
  const auto findings = given.findings();
  CHECK(findings.size() > 1);
  CHECK(findings.size() <= 20);
  for (const auto& finding : findings) CHECK_FALSE(finding.empty());
}

}  // namespace offboard::test
