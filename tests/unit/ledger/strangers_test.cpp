#include <ledger/database.hpp>

#include "ledger_for_tests.hpp"

namespace offboard::test {
namespace {

/// A file that is none of ours: neither opening it nor reading it may change it.
void check_refused_untouched(const std::filesystem::path& file) {
  ::chmod(file.c_str(), 0644);
  const auto before = content_of(file);
  const auto written = std::filesystem::last_write_time(file);
  CHECK_THROWS_AS(Ledger(file), MachineTrouble);
  CHECK_THROWS_AS(LedgerReader(file), MachineTrouble);
  CHECK(content_of(file) == before);
  CHECK(std::filesystem::last_write_time(file) == written);
  CHECK(mode_of(file) == 0644);
  CHECK(files_in(file.parent_path()) == 1);
}

void make_database(const std::filesystem::path& file, const std::string& sql) {
  SQLite::Database database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  database.exec(sql);
}

}  // namespace

TEST_CASE("a file that is no database is refused and not touched") {
  const Given given;
  for (const std::string& content :
       {std::string(), std::string("tenant_id\n11111111-1111-1111-1111-111111111111\n"),
        std::string("SQLite format 3"), std::string("SQLite format 4\0", 16) + std::string(200, 'x'),
        std::string("SQLite format 3\0", 16), std::string(5000, '\0')}) {
    INFO(content.substr(0, 20) << " " << content.size());
    put(given.file, content);
    check_refused_untouched(given.file);
  }
}

TEST_CASE("another program's database is refused and not touched") {
  const Given given;
  SECTION("without an application id") {
    make_database(given.file, "create table tenant (x)");
  }
  SECTION("with another application id") {
    make_database(given.file, "pragma application_id = 1; create table history (x)");
  }
  SECTION("in WAL mode") {
    make_database(given.file, "pragma journal_mode = wal; create table x (y)");
  }
  check_refused_untouched(given.file);
}

TEST_CASE("a ledger of a later version is refused and not touched") {
  const Given given;
  given.begin('a', list_of("12"));
  given.tamper("pragma journal_mode = delete");
  const auto newest = all_migrations().back().version;
  for (const int version : {newest + 1, newest + 2, 1000}) {
    INFO(version);
    given.tamper("pragma user_version = " + std::to_string(version));
    check_refused_untouched(given.file);
    CHECK_THROWS_WITH(Ledger(given.file), Catch::Contains("later version"));
  }
}

TEST_CASE("the refusal of a stranger names the file") {
  const Given given;
  put(given.file, "text");
  CHECK_THROWS_WITH(Ledger(given.file), Catch::Contains(given.file.string()));
  CHECK_THROWS_WITH(LedgerReader(given.file), Catch::Contains(given.file.string()));
}

TEST_CASE("a folder is no ledger") {
  const Given given;
  std::filesystem::create_directory(given.file);
  CHECK_THROWS_AS(Ledger(given.file), MachineTrouble);
  CHECK_THROWS_AS(LedgerReader(given.file), MachineTrouble);
}

TEST_CASE("reading makes no ledger where there is none") {
  const Given given;
  CHECK_THROWS_AS(LedgerReader(given.file), MachineTrouble);
  CHECK(files_in(given.folder.path()) == 0);
}

TEST_CASE("a damaged ledger is the machine's trouble, wherever it is opened") {
  const Given given;
  given.begin('a', list_of("123"));
  given.tamper("pragma journal_mode = delete");
  const auto whole = content_of(given.file);
  SECTION("cut after its first page") {
    put(given.file, whole.substr(0, 4096));
  }
  SECTION("cut within its first page") {
    put(given.file, whole.substr(0, 200));
  }
  SECTION("overwritten after its first page") {
    put(given.file, whole.substr(0, 4096) + std::string(whole.size() - 4096, 'x'));
  }
  CHECK_THROWS_AS(Ledger(given.file), MachineTrouble);
  CHECK_THROWS_AS(LedgerReader(given.file).verify(), MachineTrouble);
}

TEST_CASE("a ledger whose head was deleted is the machine's trouble, wherever it is opened") {
  const Given given;
  given.begin('a', list_of("1"));
  given.tamper("delete from ledger");
  CHECK_THROWS_AS(Ledger(given.file), MachineTrouble);
  CHECK_THROWS_AS(LedgerReader(given.file).verify(), MachineTrouble);
}

}  // namespace offboard::test
