#include <base/text.hpp>
#include <catch2/catch.hpp>
#include <vector>

namespace offboard {
namespace {

const std::string k_ellipsis = "\xE2\x80\xA6";

}  // namespace

TEST_CASE("a printable text is one line as it stands") {
  for (const std::string text :
       {"", "plain", "Zo\xC3\xAB \xE6\xA0\xAA\xE5\xBC\x8F \xF0\x9F\xA6\x86", "a~b", "'\"\\"}) {
    INFO(text);
    CHECK(one_line(text, 100) == text);
  }
}

TEST_CASE("every control character becomes a space") {
  for (int c = 0; c < 0x20; ++c) {
    INFO(c);
    CHECK(one_line(std::string("a") + static_cast<char>(c) + "b", 100) == "a b");
  }
  CHECK(one_line("a\x7F"
                 "b",
                 100) == "a b");
}

TEST_CASE("the second set of control characters becomes spaces, the characters after it stay") {
  for (int c = 0x80; c < 0xA0; ++c) {
    INFO(c);
    CHECK(one_line(std::string("a\xC2") + static_cast<char>(c) + "b", 100) == "a b");
  }
  CHECK(one_line("a\xC2\xA1"
                 "b",
                 100) ==
        "a\xC2\xA1"
        "b");
  CHECK(one_line("a\xC3\x80"
                 "b",
                 100) ==
        "a\xC3\x80"
        "b");
}

TEST_CASE("an escape sequence loses the character that makes it one") {
  CHECK(one_line("\x1B[2J\x1B[31mred", 100) == "[2J [31mred");
  CHECK(one_line("a\x1B]0;title\x07"
                 "b",
                 100) == "a ]0;title b");
  CHECK(one_line("a\xC2\x9B"
                 "31mb",
                 100) == "a 31mb");
}

TEST_CASE("the separators of lines and paragraphs do not survive") {
  CHECK(one_line("a\xE2\x80\xA8"
                 "b",
                 100) == "a b");
  CHECK(one_line("a\xE2\x80\xA9"
                 "b",
                 100) == "a b");
}

TEST_CASE("broken bytes become spaces and the rest is sound UTF-8") {
  CHECK(one_line("a\xFF"
                 "b",
                 100) == "a b");
  CHECK(one_line("a\xED\xA0\x80"
                 "b",
                 100) == "a   b");
  CHECK(one_line("caf\xE9 au lait", 100) == "caf  au lait");
  CHECK(one_line("x\xC3", 100) == "x");
}

TEST_CASE("what is left has no outer spaces") {
  CHECK(one_line("\r\n  a \n", 100) == "a");
  CHECK(one_line("\x1B\x1B", 100).empty());
}

TEST_CASE("a long text is cut between characters and the cut is shown") {
  CHECK(one_line("abcdef", 6) == "abcdef");
  CHECK(one_line("abcdefg", 6) == "abcdef" + k_ellipsis);
  CHECK(one_line("abcde\xC3\xA9", 6) == "abcde" + k_ellipsis);
  CHECK(one_line("\xF0\x9F\xA6\x86\xF0\x9F\xA6\x86", 7) == "\xF0\x9F\xA6\x86" + k_ellipsis);
  CHECK(one_line(std::string(5000, 'x'), 1024).size() == 1024 + k_ellipsis.size());
}

TEST_CASE("whatever the bytes, one line is sound UTF-8 without a control character") {
  std::string all;
  for (int a = 0; a < 256; ++a)
    for (const int b : {0x00, 0x1B, 0x41, 0x80, 0x9F, 0xA0, 0xC2, 0xE2, 0xED, 0xF4, 0xFF})
      all += {static_cast<char>(a), static_cast<char>(b)};
  const auto line = one_line(all, all.size() * 3);
  CHECK_FALSE(first_invalid_utf8(line));
  for (const char c : line) CHECK((static_cast<unsigned char>(c) >= 0x20 && c != 0x7F));
}

}  // namespace offboard
