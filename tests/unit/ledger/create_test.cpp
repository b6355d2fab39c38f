#include "ledger_for_tests.hpp"

namespace offboard::test {

TEST_CASE("a new ledger is for its owner only, its side files too, whatever the umask") {
  const Given given;
  const Umask nothing_masked(0);
  Ledger ledger(given.file);
  begin_run(ledger, run_start('a'), list_of("1"), FailedTenants::leave);
  CHECK(mode_of(given.file) == 0600);
  CHECK(mode_of(given.file.string() + "-wal") == 0600);
  CHECK(mode_of(given.file.string() + "-shm") == 0600);
}

TEST_CASE("a ledger that was opened to others is closed to them again") {
  const Given given;
  given.begin('a', list_of("1"));
  ::chmod(given.file.c_str(), 0666);
  const Umask nothing_masked(0);
  Ledger ledger(given.file);
  begin_run(ledger, run_start('b'), list_of("1"), FailedTenants::leave);
  CHECK(mode_of(given.file) == 0600);
  CHECK(mode_of(given.file.string() + "-wal") == 0600);
}

TEST_CASE("a new ledger has nothing in it, and verifies") {
  const Given given;
  { const Ledger ledger(given.file); }
  CHECK(tenant_rows(given.file).empty());
  CHECK(history_rows(given.file).empty());
  CHECK(run_rows(given.file).empty());
  CHECK(given.findings().empty());
}

TEST_CASE("missing folders of a ledger are made") {
  const Given given;
  const auto file = given.folder.path() / "a" / "b" / "job.db";
  { const Ledger ledger(file); }
  CHECK(std::filesystem::is_regular_file(file));
}

TEST_CASE("what a creation that was cut off left behind does not hurt the next") {
  const Given given;
  put(given.file.string() + ".new", "half a ledger");
  put(given.file.string() + ".new-journal", "half a journal");
  given.begin('a', list_of("12"));
  CHECK(tenant_rows(given.file).size() == 2);
  CHECK(given.findings().empty());
  CHECK_FALSE(std::filesystem::exists(given.file.string() + ".new"));
}

TEST_CASE("a symbolic link planted where a ledger is made is not followed") {
  const Given given;
  put(given.folder / "victim", "untouched");
  std::filesystem::create_symlink(given.folder / "victim", given.file.string() + ".new");
  { const Ledger ledger(given.file); }
  CHECK(content_of(given.folder / "victim") == "untouched");
}

TEST_CASE("a ledger survives its program, and every commit is in it") {
  const Given given;
  given.begin('a', list_of("123"));
  given.move('b', list_of("123"), '2', {State::checked, State::ready});
  const auto rows = tenant_rows(given.file);
  REQUIRE(rows.size() == 3);
  CHECK(rows[1].state == "ready");
  CHECK(history_rows(given.file).size() == 5);
}

TEST_CASE("a ledger whose folder cannot be written is the machine's trouble") {
  const Given given;
  put(given.folder / "file", "");
  CHECK_THROWS_AS(Ledger(given.folder.path() / "file" / "job.db"), MachineTrouble);
}

}  // namespace offboard::test
