#include <base/file_lock.hpp>

#include <base/file.hpp>
#include <catch2/catch.hpp>
#include <utility>

#include "temporary_folder.hpp"

namespace offboard {
namespace {

using test::mode_of;
using test::put;
using test::TemporaryFolder;

LockTroubleKind trouble_with(const std::filesystem::path& file) {
  const auto lock = FileLock::take(file);
  REQUIRE_FALSE(lock);
  CHECK_THAT(lock.error().message, Catch::Contains(".lock"));
  return lock.error().kind;
}

}  // namespace

TEST_CASE("a lock that is held is held for everybody else, until its holder lets go") {
  const TemporaryFolder folder;
  {
    auto first = FileLock::take(folder / "token");
    REQUIRE(first);
    CHECK(trouble_with(folder / "token") == LockTroubleKind::held);
    const auto moved = std::move(*first);
    CHECK(trouble_with(folder / "token") == LockTroubleKind::held);
    CHECK(FileLock::take(folder / "another"));
  }
  CHECK(FileLock::take(folder / "token"));
}

TEST_CASE("a file reached through a link has one lock, and one that is replaced keeps it") {
  const TemporaryFolder folder;
  put(folder / "token", "x");
  std::filesystem::create_symlink("token", folder / "link");
  const auto lock = FileLock::take(folder / "link");
  REQUIRE(lock);
  put(folder / "new", "y");
  std::filesystem::rename(folder / "new", folder / "token");
  CHECK(trouble_with(folder / "token") == LockTroubleKind::held);
  CHECK(mode_of(folder / "token.lock") == 0600);
}

TEST_CASE("where there is no folder there is no place for a lock") {
  const TemporaryFolder folder;
  CHECK(trouble_with(folder.path() / "absent" / "token") == LockTroubleKind::no_place);
  put(folder / "file", "");
  CHECK(trouble_with(folder.path() / "file" / "token") == LockTroubleKind::no_place);
}

TEST_CASE("a mark outlives its holder, until somebody takes it away") {
  const TemporaryFolder folder;
  {
    auto lock = FileLock::take(folder / "token");
    REQUIRE(lock);
    CHECK_FALSE(lock->marked_at());
    lock->mark("on its way");
  }
  const auto written = written_at(folder / "token.lock");
  {
    auto lock = FileLock::take(folder / "token");
    REQUIRE(lock);
    CHECK(lock->marked_at());
    CHECK(lock->marked_at() == written);
    CHECK(read_file(folder / "token.lock", 100).value() == "on its way");
    lock->unmark();
    CHECK_FALSE(lock->marked_at());
  }
  auto lock = FileLock::take(folder / "token");
  REQUIRE(lock);
  CHECK_FALSE(lock->marked_at());
}

}  // namespace offboard
