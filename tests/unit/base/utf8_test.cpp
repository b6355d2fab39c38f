#include <base/text.hpp>
#include <catch2/catch.hpp>
#include <vector>

// The edges of table 3-7 of the Unicode standard, "Well-Formed UTF-8 Byte Sequences".

namespace offboard {
namespace {

struct Sample {
  std::string what;
  std::string bytes;
};

const std::vector<Sample> k_sound = {
    {"the zero byte", std::string(1, '\0')},
    {"U+007F", "\x7F"},
    {"U+0080", "\xC2\x80"},
    {"U+07FF", "\xDF\xBF"},
    {"U+0800", "\xE0\xA0\x80"},
    {"U+0FFF", "\xE0\xBF\xBF"},
    {"U+1000", "\xE1\x80\x80"},
    {"U+CFFF", "\xEC\xBF\xBF"},
    {"U+D7FF", "\xED\x9F\xBF"},
    {"U+E000", "\xEE\x80\x80"},
    {"U+FFFF", "\xEF\xBF\xBF"},
    {"U+10000", "\xF0\x90\x80\x80"},
    {"U+3FFFF", "\xF0\xBF\xBF\xBF"},
    {"U+40000", "\xF1\x80\x80\x80"},
    {"U+FFFFF", "\xF3\xBF\xBF\xBF"},
    {"U+100000", "\xF4\x80\x80\x80"},
    {"U+10FFFF", "\xF4\x8F\xBF\xBF"},
};

const std::vector<Sample> k_broken = {
    {"a lone continuation byte", "\x80"},
    {"the last continuation byte", "\xBF"},
    {"overlong U+0000", "\xC0\x80"},
    {"overlong U+007F", "\xC1\xBF"},
    {"two bytes, cut", "\xC2"},
    {"two bytes, no continuation", "\xC2\x41"},
    {"two bytes, continuation too high", "\xC2\xC0"},
    {"two bytes, continuation too low", "\xDF\x7F"},
    {"overlong U+07FF", "\xE0\x9F\xBF"},
    {"three bytes, cut after one", "\xE1"},
    {"three bytes, cut after two", "\xE1\x80"},
    {"three bytes, last is none", "\xE1\x80\x41"},
    {"the first surrogate", "\xED\xA0\x80"},
    {"the last surrogate", "\xED\xBF\xBF"},
    {"overlong U+FFFF", "\xF0\x8F\xBF\xBF"},
    {"four bytes, cut after three", "\xF0\x90\x80"},
    {"four bytes, last is none", "\xF1\x80\x80\x41"},
    {"four bytes, third is none", "\xF1\x80\x41\x80"},
    {"beyond U+10FFFF", "\xF4\x90\x80\x80"},
    {"F5", "\xF5\x80\x80\x80"},
    {"F8, five bytes", "\xF8\x88\x80\x80\x80"},
    {"FE", "\xFE"},
    {"FF", "\xFF"},
};

TEST_CASE("a broken byte is found wherever it stands in a long text") {
  for (std::size_t at = 0; at < 40; ++at) {
    std::string text(40, 'a');
    text[at] = '\x80';
    CHECK(first_invalid_utf8(text) == at);
    text.replace(at, 1, "\xC2\x80");
    CHECK_FALSE(first_invalid_utf8(text));
  }
}

}  // namespace

TEST_CASE("every well-formed sequence of UTF-8 is sound, alone and within a text") {
  for (const auto& sample : k_sound) {
    INFO(sample.what);
    CHECK_FALSE(first_invalid_utf8(sample.bytes));
    CHECK_FALSE(first_invalid_utf8("a" + sample.bytes + "z"));
    CHECK(count_characters(sample.bytes) == 1);
    CHECK(count_characters("a" + sample.bytes + "z") == 3);
  }
}

TEST_CASE("every ill-formed sequence of UTF-8 is found where it begins") {
  for (const auto& sample : k_broken) {
    INFO(sample.what);
    CHECK(first_invalid_utf8(sample.bytes) == std::optional<std::size_t>(0));
    CHECK(first_invalid_utf8("a\xC3\xA9" + sample.bytes + "z") == std::optional<std::size_t>(3));
  }
}

TEST_CASE("an empty text is sound and has no character") {
  CHECK_FALSE(first_invalid_utf8(""));
  CHECK(count_characters("") == 0);
}

TEST_CASE("a broken byte counts as one character and does not swallow its neighbour") {
  CHECK(count_characters("\xFF\xFE") == 2);
  CHECK(count_characters("\xC3(") == 2);
  CHECK(count_characters("\xE2\x82") == 2);
  CHECK(count_characters("x\x80y") == 3);
}

}  // namespace offboard
