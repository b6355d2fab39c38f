#include <sys/wait.h>
#include <base/defect.hpp>
#include <base/file.hpp>
#include <catch2/catch.hpp>

#include "temporary_folder.hpp"

namespace offboard {
namespace {

using test::content_of;
using test::files_in;
using test::mode_of;
using test::put;
using test::TemporaryFolder;
using test::Umask;

/// Fills a file with one text.
std::function<void(const Sink&)> with(std::string text) {
  return [text = std::move(text)](const Sink& write) { write(text); };
}

/// Where replace_file gathers the new content of a target.
std::filesystem::path beside(const std::filesystem::path& target) {
  return target.string() + "." + std::to_string(::getpid()) + ".new";
}

}  // namespace

TEST_CASE("a file is replaced by all the pieces it is filled with, in order") {
  const TemporaryFolder folder;
  const auto target = folder / "report.csv";
  put(target, "old");
  replace_file(target, Readers::by_umask, [](const Sink& write) {
    for (int i = 0; i < 100'000; ++i) write("0123456789");
    write("");
    write(std::string_view("\0end", 4));
  });
  const auto content = content_of(target);
  CHECK(content.size() == 1'000'004);
  CHECK(content.substr(999'990) == std::string("0123456789\0end", 14));
  CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("a file filled with nothing is empty") {
  const TemporaryFolder folder;
  replace_file(folder / "empty", Readers::by_umask, [](const Sink&) {});
  CHECK(content_of(folder / "empty").empty());
}

TEST_CASE("when filling fails, the old file is as it was and nothing is left beside it") {
  const TemporaryFolder folder;
  const auto target = folder / "report.csv";
  put(target, "old");
  const auto fill = [](const Sink& write) {
    write(std::string(200'000, 'x'));  // more than any buffer: some of it is on disk by now
    throw std::runtime_error("no more rows");
  };
  CHECK_THROWS_WITH(replace_file(target, Readers::by_umask, fill), "no more rows");
  CHECK(content_of(target) == "old");
  CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("while a file is being filled, a reader meets the old one") {
  const TemporaryFolder folder;
  const auto target = folder / "token";
  put(target, "old");
  std::string seen;
  replace_file(target, Readers::owner_only, [&](const Sink& write) {
    write(std::string(200'000, 'n'));
    seen = content_of(target);
  });
  CHECK(seen == "old");
  CHECK(content_of(target).size() == 200'000);
}

TEST_CASE("a file for its owner only has mode 0600, whatever the umask and whatever stood there") {
  const TemporaryFolder folder;
  const auto target = folder / "token";
  const Umask nothing_masked(0);
  replace_file(target, Readers::owner_only, with("new"));
  CHECK(mode_of(target) == 0600);
  ::chmod(target.c_str(), 0666);
  mode_t while_written = 0;
  replace_file(target, Readers::owner_only, [&](const Sink& write) {
    write("newer");
    while_written = mode_of(beside(target));
  });
  CHECK(while_written == 0600);
  CHECK(mode_of(target) == 0600);
}

TEST_CASE("a file for other readers has the mode that the umask leaves") {
  const TemporaryFolder folder;
  for (const mode_t mask : {mode_t{0022}, mode_t{0077}, mode_t{0}}) {
    const Umask umask(mask);
    replace_file(folder / "report", Readers::by_umask, with("x"));
    CHECK(mode_of(folder / "report") == (0666 & ~mask));
  }
}

TEST_CASE("missing folders are made, several deep") {
  const TemporaryFolder folder;
  const auto target = folder.path() / "a" / "b" / "c" / "report.csv";
  replace_file(target, Readers::by_umask, with("x"));
  CHECK(content_of(target) == "x");
  make_parent_folder(folder.path() / "d" / "e" / "file");
  CHECK(std::filesystem::is_directory(folder.path() / "d" / "e"));
  CHECK_NOTHROW(make_parent_folder(folder.path() / "d" / "e" / "file"));
  CHECK_NOTHROW(make_parent_folder("file-in-this-folder"));
}

TEST_CASE("a folder that cannot be made is the machine's trouble, and names itself") {
  const TemporaryFolder folder;
  put(folder / "file", "");
  CHECK_THROWS_AS(make_parent_folder(folder.path() / "file" / "x" / "report"), MachineTrouble);
  CHECK_THROWS_WITH(replace_file(folder.path() / "file" / "report", Readers::by_umask, with("x")),
                    Catch::Contains("file"));
}

TEST_CASE("a symbolic link planted where the new content is gathered is not followed") {
  const TemporaryFolder folder;
  const auto target = folder / "token";
  put(folder / "victim", "untouched");
  std::filesystem::create_symlink(folder / "victim", beside(target));
  replace_file(target, Readers::owner_only, with("secret"));
  CHECK(content_of(folder / "victim") == "untouched");
  CHECK(content_of(target) == "secret");
  CHECK_FALSE(std::filesystem::is_symlink(target));
}

TEST_CASE("what a killed process left beside the target is removed, and a living one's is not") {
  const TemporaryFolder folder;
  const auto target = folder / "token";
  const pid_t dead = ::fork();
  if (dead == 0) ::_exit(0);
  REQUIRE(::waitpid(dead, nullptr, 0) == dead);
  const auto number = std::to_string(dead);
  put(folder / ("token." + number + ".new"), "a token that is still good");
  const auto living = folder / ("token." + std::to_string(::getppid()) + ".new");
  put(living, "being written");
  const std::vector<std::string> others{
      "token.new",   "token..new", "token." + number, "token.9x.new", "taken." + number + ".new",
      "token.-1.new"};
  for (const auto& name : others) put(folder / name, "somebody else's");
  replace_file(target, Readers::owner_only, with("new"));
  CHECK_FALSE(std::filesystem::exists(folder / ("token." + number + ".new")));
  CHECK(std::filesystem::exists(living));
  for (const auto& name : others) CHECK(std::filesystem::exists(folder / name));
  CHECK(content_of(target) == "new");
}

TEST_CASE("what an earlier process of the same number left beside the target is overwritten") {
  const TemporaryFolder folder;
  const auto target = folder / "token";
  put(beside(target), "left over, and longer than what comes");
  ::chmod(beside(target).c_str(), 0666);
  replace_file(target, Readers::owner_only, with("new"));
  CHECK(content_of(target) == "new");
  CHECK(mode_of(target) == 0600);
}

TEST_CASE("a target that is a folder is the machine's trouble and leaves nothing beside it") {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder.path() / "target" / "inside");
  CHECK_THROWS_AS(replace_file(folder / "target", Readers::by_umask, with("x")), MachineTrouble);
  CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("a folder can be synced, a file or nothing cannot") {
  const TemporaryFolder folder;
  put(folder / "file", "");
  CHECK_NOTHROW(sync_folder(folder.path()));
  CHECK_NOTHROW(sync_folder(""));
  CHECK_THROWS_AS(sync_folder(folder / "file"), MachineTrouble);
  CHECK_THROWS_AS(sync_folder(folder / "missing"), MachineTrouble);
}

}  // namespace offboard
