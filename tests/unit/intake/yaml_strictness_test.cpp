#include <catch2/catch.hpp>
#include <chrono>
#include <string>

#include "given_file.hpp"

namespace offboard::test {
namespace {

std::string repeated(std::string_view piece, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += piece;
  return result;
}

TEST_CASE("anchors, aliases and tags are refused where they stand") {
  CHECK(wrong_with_job("é: {é: &x y}\n") == Lines{"1:8: anchors (&) are not allowed"});
  CHECK(wrong_with_job("a: &x\nb: y\n") == Lines{"1:4: anchors (&) are not allowed"});
  CHECK(wrong_with_yaml("- &x [*x]\n") == Lines{"1:3: anchors (&) are not allowed"});
  CHECK(wrong_with_job("a: b\nc: *hunter2\n") == Lines{"2:4: aliases (*) are not allowed"});
  CHECK(wrong_with_job("name: !!str x\n") == Lines{"1:7: tags (!) are not allowed"});
  CHECK(wrong_with_job("name: ! x\n") == Lines{"1:7: tags (!) are not allowed"});
  CHECK(wrong_with_job("name: !!null\n") == Lines{"1:7: tags (!) are not allowed"});
  CHECK(wrong_with_yaml("--- !list\n- x\n") == Lines{"1:5: tags (!) are not allowed"});
}

TEST_CASE("only one document is read, and nothing may stand after it") {
  const std::string refusal = "a second document, or text after the end of the first; only one is read";
  CHECK(wrong_with_job("name: x\n---\nname: y\n") == Lines{"2:1: " + refusal});
  CHECK(wrong_with_yaml("- x\n...\n- y\n") == Lines{"3:1: " + refusal});
  CHECK(wrong_with_yaml("[x]\nfoo\n") == Lines{"2:1: " + refusal});
}

TEST_CASE("a file without a document is empty") {
  CHECK(wrong_with_job("") == Lines{"1:1: the file is empty"});
  CHECK(wrong_with_job("# only a comment\n") == Lines{"1:1: the file is empty"});
  CHECK(wrong_with_yaml("\n\n") == Lines{"1:1: the file is empty"});
}

TEST_CASE("in YAML too, a quote that is never closed is reported where it was opened") {
  CHECK(wrong_with_job("name: x\né: 'it''s\n  more\n") == Lines{"2:4: this quote is never closed"});
  CHECK(wrong_with_job("name: \"x\\\"y\n") == Lines{"1:7: this quote is never closed"});
  CHECK(wrong_with_yaml("- [a, 'b]\n") == Lines{"1:7: this quote is never closed"});
}

TEST_CASE("a bracket that is never closed is reported where it was opened") {
  CHECK(wrong_with_job("name: x\nreport: {csv: a\n") ==
        Lines{"2:9: this { is not closed, or a comma is missing in it"});
  CHECK(wrong_with_yaml("- é: [1, 2\n") == Lines{"1:6: this [ is not closed, or a comma is missing in it"});
  CHECK(wrong_with_job("{a: [1, 2\n") == Lines{"1:1: this bracket is never closed"});
}

TEST_CASE("what is no YAML is reported where it stands, in words") {
  CHECK(wrong_with_job("name: x\n\tworkers: 1\n") ==
        Lines{"2:1: a tab in the indentation; YAML wants spaces"});
  CHECK(wrong_with_job("name: a: b\n") ==
        Lines{"1:8: a colon where no value can stand; put the text in quotes, or check the indentation"});
  CHECK(wrong_with_job("name: @x\n") ==
        Lines{"1:7: text cannot begin with this character; put it in quotes"});
  CHECK(wrong_with_job("a: {b: c}}\n") == Lines{"1:10: a closing bracket that was never opened"});
  CHECK(wrong_with_job("a: \"\\q\"\n") == Lines{"1:7: this is not YAML: unknown escape character"});
  CHECK(wrong_with_job("? [a]\n: b\n") == Lines{"1:3: a key must be plain text"});
  CHECK(wrong_with_job("~: b\n") == Lines{"1:1: a key must be plain text"});
}

TEST_CASE("what goes wrong at the end of the file is reported there and not beyond") {
  CHECK(wrong_with_yaml("- \"\\") == Lines{"1:5: this is not YAML: unknown escape character"});
  CHECK(wrong_with_yaml("- \"\\\\\\") == Lines{"1:7: this is not YAML: unknown escape character"});
}

TEST_CASE("broken UTF-8, NUL, control characters and UTF-16 are refused where they stand") {
  CHECK(wrong_with_job("name: x\nÄ: \xFF\n") ==
        Lines{"2:4: this is not UTF-8: byte 0xFF; save the file as UTF-8"});
  CHECK(wrong_with_yaml("- é\xC3\n") == Lines{"1:4: this is not UTF-8: byte 0xC3; save the file as UTF-8"});
  CHECK(wrong_with_job(std::string("ä: \0\n", 6)) == Lines{"1:4: a NUL byte; this is not a text file"});
  CHECK(wrong_with_job("ä: \x04\nb: c\n") == Lines{"1:4: a control character (U+0004)"});
  CHECK(wrong_with_yaml("- a\xC2\x85\n") == Lines{"1:4: a control character (U+0085)"});
  CHECK(wrong_with_job(std::string("\xFF\xFEn\0", 4)) == Lines{"1:1: the file is UTF-16; save it as UTF-8"});
}

TEST_CASE("a byte order mark counts for no column, and every line end is one") {
  CHECK(wrong_with_job("\xEF\xBB\xBFnamé: x\n")[0].substr(0, 10) == "1:1: unkno");
  CHECK(wrong_with_yaml("\xEF\xBB\xBF- x\r- y\r\n- z\n") == Lines{"1:3: tenant_id \"x\" is not a GUID",
                                                                  "2:3: tenant_id \"y\" is not a GUID",
                                                                  "3:3: tenant_id \"z\" is not a GUID"});
}

TEST_CASE("deep nesting is refused within a second") {
  const auto start = std::chrono::steady_clock::now();
  CHECK(wrong_with_job(repeated("[", 20'000)) == Lines{"1:1: nested deeper than 32 levels"});
  CHECK(wrong_with_yaml(repeated("[", 20'000) + repeated("]", 20'000)) ==
        Lines{"1:33: nested deeper than 32 levels"});
  CHECK(wrong_with_yaml(repeated("{a: ", 20'000)) == Lines{"1:1: nested deeper than 32 levels"});
  CHECK(wrong_with_yaml(repeated("- ", 1'000'000)) == Lines{"1:65: nested deeper than 32 levels"});
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(1));
}

TEST_CASE("32 levels are read") {
  const auto lines = wrong_with_yaml(repeated("[", 32) + repeated("]", 32));
  REQUIRE(lines.size() == 1);
  CHECK(lines[0] == "1:2: an item must be a GUID, or a map with the key tenant_id");
}

TEST_CASE("a job file above 1 MiB is refused") {
  CHECK(wrong_with_job(std::string(1024 * 1024 + 1, ' ')) == Lines{"1:1: the file is larger than 1 MiB"});
}

}  // namespace
}  // namespace offboard::test
