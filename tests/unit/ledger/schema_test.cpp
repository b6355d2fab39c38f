#include <ledger/database.hpp>
#include <set>

#include "ledger_for_tests.hpp"

namespace offboard::test {
namespace {

std::set<std::string> objects_in(SQLite::Database& database) {
  std::set<std::string> objects;
  SQLite::Statement select(database,
                           "select type || ' ' || name || ' ' || coalesce(sql, '') from sqlite_schema");
  while (select.executeStep()) objects.insert(select.getColumn(0).getString());
  return objects;
}

}  // namespace

TEST_CASE("a new ledger has exactly the schema that the files in schema/ make") {
  const Given given;
  { const Ledger ledger(given.file); }
  SQLite::Database ours(given.file.string(), SQLite::OPEN_READONLY);
  SQLite::Database fresh(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(OFFBOARD_SOURCE_DIR "/schema"))
    if (entry.path().extension() == ".sql") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const auto& file : files) fresh.exec(content_of(file));
  CHECK(objects_in(ours) == objects_in(fresh));
  CHECK(ours.execAndGet("pragma user_version").getInt() == static_cast<int>(files.size()));
  CHECK(ours.execAndGet("select history_seq || history_hash from ledger").getString() ==
        fresh.execAndGet("select history_seq || history_hash from ledger").getString());
}

TEST_CASE("a ledger is marked as one, and bears the number of its last migration") {
  const Given given;
  { const Ledger ledger(given.file); }
  CHECK(given.ask("pragma application_id") == std::to_string(0x4F464244));
  CHECK(given.ask("pragma user_version") == std::to_string(all_migrations().back().version));
  CHECK(content_of(given.file).substr(68, 4) == "OFBD");
}

TEST_CASE("the migrations are numbered from 1 without a gap") {
  int expected = 0;
  for (const auto& migration : all_migrations()) {
    CHECK(migration.version == ++expected);
    CHECK_FALSE(migration.sql.empty());
  }
  CHECK(expected > 0);
}

TEST_CASE(
    "a ledger that a cut migration left empty is brought up to date, and its schema is that of a fresh one") {
  const Given given;
  {
    SQLite::Database database(given.file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    database.exec("pragma application_id = 0x4F464244; vacuum");
  }
  CHECK_THROWS_AS(LedgerReader(given.file), MachineTrouble);
  { const Ledger ledger(given.file); }
  const Given other;
  { const Ledger ledger(other.file); }
  SQLite::Database migrated(given.file.string(), SQLite::OPEN_READONLY);
  SQLite::Database fresh(other.file.string(), SQLite::OPEN_READONLY);
  CHECK(objects_in(migrated) == objects_in(fresh));
  CHECK(given.findings().empty());
}

TEST_CASE("a ledger of any earlier version is brought up to date with everything that is in it") {
  for (const auto& last : all_migrations()) {
    const Given given;
    given.begin('a', list_of("12"));
    const auto before = history_rows(given.file);
    const Given old;
    {
      SQLite::Database database(old.file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
      database.exec("pragma application_id = 0x4F464244");
      for (const auto& migration : all_migrations()) {
        if (migration.version > last.version) break;
        database.exec(std::string(migration.sql));
        database.exec("pragma user_version = " + std::to_string(migration.version));
      }
      database.exec("attach '" + given.file.string() + "' as given");
      for (const std::string table : {"run", "tenant", "history"}) {
        std::string columns;
        SQLite::Statement select(database, "select name from main.pragma_table_info('" + table + "')");
        while (select.executeStep())
          columns += (columns.empty() ? "" : ", ") + select.getColumn(0).getString();
        database.exec("insert into main." + table + " (" + columns + ") select " + columns + " from given." +
                      table);
      }
      database.exec(
          "update main.ledger set history_seq = (select history_seq from given.ledger), "
          "history_hash = (select history_hash from given.ledger)");
    }
    old.tamper(
        "insert into blocker (tenant, ordinal, code, object_id, object_name, object_status, what_to_do, "
        "since) values (1, 1, 'software', 'kept', '', '', '', '')");
    CAPTURE(last.version);
    { const Ledger ledger(old.file); }
    CHECK(old.ask("select object_id from blocker") == "kept");
    CHECK(Ledger(old.file).standing().pending == 2);
    CHECK(old.ask("pragma user_version") == std::to_string(all_migrations().back().version));
    CHECK(history_rows(old.file).back().hash == before.back().hash);
    CHECK(Ledger(old.file).work().size() == 2);
    CHECK(old.findings().empty());
    SQLite::Database migrated(old.file.string(), SQLite::OPEN_READONLY);
    SQLite::Database fresh(given.file.string(), SQLite::OPEN_READONLY);
    CHECK(objects_in(migrated) == objects_in(fresh));
  }
}

TEST_CASE("opening a ledger again changes neither its schema nor what is in it") {
  const Given given;
  given.begin('a', list_of("12"));
  const auto before = history_rows(given.file).back().hash;
  { const Ledger ledger(given.file); }
  CHECK(history_rows(given.file).back().hash == before);
  CHECK(given.ask("pragma user_version") == std::to_string(all_migrations().back().version));
}

TEST_CASE("the ledger writes ahead, and waits for the disk at every commit") {
  const Given given;
  const auto database = open_for_writing(given.file);
  CHECK(database->execAndGet("pragma journal_mode").getString() == "wal");
  CHECK(database->execAndGet("pragma synchronous").getInt() == 2);
  CHECK(database->execAndGet("pragma foreign_keys").getInt() == 1);
}

TEST_CASE("the schema itself refuses a state, a blocker code and a command that do not exist") {
  const Given given;
  given.begin('a', list_of("1"));
  CHECK_THROWS_AS(given.tamper("update tenant set state = 'done'"), SQLite::Exception);
  CHECK_THROWS_AS(
      given.tamper("insert into blocker (tenant, ordinal, code, object_id, object_name, object_status, "
                   "what_to_do, since) values (1, 1, 'nonsense', '', '', '', '', '')"),
      SQLite::Exception);
  CHECK_THROWS_AS(given.tamper("update run set command = 'delete'"), SQLite::Exception);
  CHECK_THROWS_AS(
      given.tamper("insert into tenant (tenant_id, company_name, domain, note, state) select tenant_id, '', "
                   "'', '', 'pending' from tenant"),
      SQLite::Exception);
  CHECK_THROWS_AS(given.tamper("insert into ledger values (2, 0, '', null)"), SQLite::Exception);
}

}  // namespace offboard::test
