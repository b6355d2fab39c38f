#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "given_file.hpp"
#include "intake/tenant_list.hpp"

// Only a part of a list is in memory at any time. Wherever one part ends, the list says the same.

namespace offboard::test {
namespace {

const std::string k_north = "a0000001-0000-4000-8000-000000000001";
const std::string k_south = "a0000002-0000-4000-8000-000000000002";

/// Everything that a reading tells.
Lines told_by(const std::filesystem::path& file, Window window) {
  Lines told;
  try {
    const auto list = read_list(file, window);
    for (const auto& tenant : list.tenants)
      told.push_back(tenant.tenant_id.text() + "|" + tenant.company_name + "|" + tenant.domain + "|" +
                     tenant.note);
    told.insert(told.end(), list.notices.begin(), list.notices.end());
  } catch (const InvalidInput& invalid) {
    for (const auto& problem : invalid.problems()) told.push_back(text_of(problem));
  }
  return told;
}

void check_every_window(const std::string& name, const std::vector<std::string>& contents) {
  const Folder folder;
  for (const auto& content : contents) {
    const auto file = folder.write(name, content);
    const auto expected = told_by(file, {});
    REQUIRE_FALSE(expected.empty());
    for (std::size_t piece = 1; piece <= content.size() + 1; ++piece) {
      for (const std::size_t behind : {1U, 7U, 100U}) {
        CAPTURE(content, piece, behind);
        REQUIRE(told_by(file, {piece, behind}) == expected);
      }
    }
  }
}

}  // namespace

TEST_CASE("a CSV list reads the same, and its mistakes stand at the same places, however small the pieces") {
  check_every_window(
      "list.csv",
      {"\xEF\xBB\xBFtenant_id,note,colour\r\n" + k_north + ",\"größe \"\"→\"\",\r\n\r\nzwei\",blau\r\n" +
           k_south + ",,\r\n",
       "tenant_id,note\r" + k_north + ",a\r\r" + k_south + ",b",
       "note,tenant_id\nß→😀," + k_north + "\n→,bad\n→,\"" + k_north + "\"\n\"→\"x," + k_south + "\n",
       "tenant_id,note\n" + k_north + ",\"never\r\nclosed\n", "tenant_id;note\n" + k_north + ";x\n",
       "tenant_id,note\r\n" + k_north + ",x\xF0\x9F\x98\n", "tenant_id,note\r\n" + k_north + ",\xC3",
       "\xEF\xBB\xBF", "\xFF\xFE", "tenant_id\r\n→→→\r\n" + k_north + "\0x\n"});
}

TEST_CASE("a YAML list reads the same, and its mistakes stand at the same places, however small the pieces") {
  check_every_window(
      "list.yaml",
      {"\xEF\xBB\xBF# größe\r\n- " + k_north + "\r\n- tenant_id: \"" + k_south +
           "\"\r\n  note: |\r\n    a\r\n    b\r\n",
       "tenants: [" + k_north + ", {tenant_id: " + k_south + ", note: '→''x'}, " + k_north + "]\n",
       "- bad\n-\n- {tenant_id: " + k_north + ", größe: 1}\n-\n\n# x\n- [a]\n", "- \"→ never closed\n- x\n",
       "- " + k_north + "\n\t- x\n", "- [" + k_north + "\n- y\n", "- {a: [b, \"c]}\n", "- {[a, b: c\n",
       "- &a x\n", "- a: b: c\n", "- x\n---\n- y\n", "- ü\r- \x07\r", "? [a\n"});
}

TEST_CASE("a list that is changed while it is being read is refused") {
  const Folder folder;
  const auto file = folder.write("list.csv", "tenant_id\n" + k_north + "\n");
  auto source = SourceText::open(file, 1000, TextKind::csv, {4, 4});
  (void)folder.write("list.csv", "tenant_id\n" + k_south + "\n");
  const auto problems = complaints_of([&] {
    while (source.read_on()) {
    }
  });
  CHECK(problems == Lines{"1:1: the file was changed while it was being read"});
}

TEST_CASE("a list is known again by its name and content, and is then not read any further") {
  const Folder folder;
  const auto file = folder.write("list.csv", "tenant_id\n" + k_north + "\n");
  const auto first = read_tenant_list(file);
  REQUIRE(first.tenants);
  const auto again = read_tenant_list(file, first.digest);
  CHECK_FALSE(again.tenants);
  CHECK(again.digest == first.digest);
  const auto other_name = folder.write("other.csv", "tenant_id\n" + k_north + "\n");
  CHECK(read_tenant_list(other_name, first.digest).tenants);
  (void)folder.write("list.csv", "tenant_id\n" + k_south + "\n");
  CHECK(read_tenant_list(file, first.digest).tenants);
}

TEST_CASE("a list whose texts do not fit into memory is read as one that does") {
  const Folder folder;
  std::string content = "tenant_id,company_name,domain,note\n";
  for (int n = 0; n < 2000; ++n)
    content += fmt::format("{:08x}-0000-4000-8000-000000000000,Company {},{}.example,{}\n", n, n, n,
                           std::string(static_cast<std::size_t>(n), 'x'));
  const auto reading = read_tenant_list(folder.write("list.csv", content));
  REQUIRE(reading.tenants->size() == 2000);
  for (const std::size_t place : {0U, 1999U, 1000U, 1U, 1998U, 999U, 1001U}) {
    const auto tenant = reading.tenants->at(place);
    CHECK(tenant.company_name == fmt::format("Company {}", place));
    CHECK(tenant.note.size() == place);
    CHECK(reading.tenants->place_of(tenant.tenant_id) == place);
  }
  CHECK_FALSE(reading.tenants->place_of(*Guid::parse(k_north)));
}

}  // namespace offboard::test
