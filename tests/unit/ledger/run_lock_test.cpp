#include <ledger/run_lock.hpp>

#include "ledger_for_tests.hpp"

namespace offboard::test {

TEST_CASE("a lock that is held cannot be taken a second time, and can be once it is let go") {
  const Given given;
  {
    const auto first = RunLock::take(given.file);
    CHECK(first);
    CHECK_FALSE(RunLock::take(given.file));
    CHECK_FALSE(RunLock::take(given.file));
  }
  CHECK(RunLock::take(given.file));
}

TEST_CASE("a lock that was moved is held by its new owner alone") {
  const Given given;
  auto first = RunLock::take(given.file);
  REQUIRE(first);
  {
    const RunLock second(std::move(*first));
    first.reset();
    CHECK_FALSE(RunLock::take(given.file));
  }
  CHECK(RunLock::take(given.file));
}

TEST_CASE("two ledgers have two locks") {
  const Given given;
  const auto one = RunLock::take(given.folder / "one.db");
  const auto other = RunLock::take(given.folder / "other.db");
  CHECK(one);
  CHECK(other);
}

TEST_CASE("spellings of one path share its lock, also before the ledger is there") {
  const Given given;
  const bool made = GENERATE(false, true);
  std::filesystem::create_directories(given.folder / "sub");
  std::filesystem::create_directory_symlink(given.folder.path(), given.folder / "link");
  if (made) given.begin('a', list_of("1"));
  const auto held = RunLock::take(given.file);
  REQUIRE(held);
  const auto folder = given.folder.path();
  for (const auto& spelling :
       {folder / "." / "job.db", folder / "sub" / ".." / "job.db", folder / "link" / "job.db",
        folder / "link" / "sub" / ".." / "job.db", std::filesystem::relative(folder) / "job.db"}) {
    INFO(spelling);
    CHECK_FALSE(RunLock::take(spelling));
  }
}

TEST_CASE("a symbolic link to a ledger shares its lock") {
  const Given given;
  given.begin('a', list_of("1"));
  std::filesystem::create_symlink("job.db", given.folder / "other-name.db");
  const auto held = RunLock::take(given.file);
  REQUIRE(held);
  CHECK_FALSE(RunLock::take(given.folder / "other-name.db"));
}

TEST_CASE("opening and closing the ledger does not let go of the lock") {
  const Given given;
  const auto held = RunLock::take(given.file);
  REQUIRE(held);
  given.begin('a', list_of("1"));
  CHECK(tenant_rows(given.file).size() == 1);
  CHECK_FALSE(RunLock::take(given.file));
}

TEST_CASE("the lock's file is for its owner only, and its folder is made") {
  const Given given;
  const Umask nothing_masked(0);
  const auto file = given.folder.path() / "a" / "b" / "job.db";
  const auto held = RunLock::take(file);
  REQUIRE(held);
  CHECK(mode_of(file.string() + ".lock") == 0600);
}

TEST_CASE("a lock file that cannot be made is the machine's trouble") {
  const Given given;
  std::filesystem::create_directory(given.file.string() + ".lock");
  CHECK_THROWS_AS(RunLock::take(given.file), MachineTrouble);
}

}  // namespace offboard::test
