#include <base/file.hpp>
#include <catch2/catch.hpp>

#include "temporary_folder.hpp"

namespace offboard {
namespace {

using test::put;
using test::TemporaryFolder;

FileTroubleKind kind_of_trouble(const std::filesystem::path& file, std::size_t max_bytes = 100) {
  const auto content = read_file(file, max_bytes);
  REQUIRE_FALSE(content);
  CHECK_THAT(content.error().message, Catch::Contains(file.string()));
  return content.error().kind;
}

}  // namespace

TEST_CASE("a file is read whole, zero bytes and all") {
  const TemporaryFolder folder;
  const std::string content("a\0b\r\n\xFF", 6);
  put(folder / "file", content);
  CHECK(read_file(folder / "file", 6).value() == content);
  put(folder / "empty", "");
  CHECK(read_file(folder / "empty", 0).value().empty());
}

TEST_CASE("a file larger than a piece is read whole") {
  const TemporaryFolder folder;
  const std::string content(300'000, 'x');
  put(folder / "file", content);
  CHECK(read_file(folder / "file", 300'000).value() == content);
}

TEST_CASE("a file of exactly the limit is read, one byte more is too large") {
  const TemporaryFolder folder;
  put(folder / "file", std::string(1000, 'x'));
  CHECK(read_file(folder / "file", 1000));
  CHECK(kind_of_trouble(folder / "file", 999) == FileTroubleKind::too_large);
  CHECK(kind_of_trouble(folder / "file", 0) == FileTroubleKind::too_large);
}

TEST_CASE("a file that is not there is missing, also when its folder is none") {
  const TemporaryFolder folder;
  CHECK(kind_of_trouble(folder / "missing") == FileTroubleKind::missing);
  put(folder / "file", "");
  CHECK(kind_of_trouble(folder.path() / "file" / "within") == FileTroubleKind::missing);
}

TEST_CASE("a folder, a device and a pipe are not files, and the pipe does not hold us up") {
  const TemporaryFolder folder;
  CHECK(kind_of_trouble(folder.path()) == FileTroubleKind::not_a_file);
  CHECK(kind_of_trouble("/dev/null") == FileTroubleKind::not_a_file);
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  CHECK(kind_of_trouble(folder / "pipe") == FileTroubleKind::not_a_file);
}

TEST_CASE("a symbolic link is read through") {
  const TemporaryFolder folder;
  put(folder / "file", "content");
  std::filesystem::create_symlink("file", folder / "link");
  CHECK(read_file(folder / "link", 100).value() == "content");
}

TEST_CASE("a file that may not be read says so") {
  if (::geteuid() == 0) return;  // who may read everything meets no such file
  const TemporaryFolder folder;
  put(folder / "file", "content");
  ::chmod((folder / "file").c_str(), 0);
  CHECK(kind_of_trouble(folder / "file") == FileTroubleKind::no_permission);
}

}  // namespace offboard
