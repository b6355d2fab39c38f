#include "base/text.hpp"

#include <locale.h>
#include <wctype.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include "base/defect.hpp"

namespace offboard {
namespace {

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr std::string_view k_no_break_space = "\xC2\xA0";

struct Sequence {
  std::size_t length = 0;  // 0: this byte starts no character
  unsigned char second_low = 0x80;
  unsigned char second_high = 0xBF;
};

/// The well-formed byte sequences of the Unicode standard, table 3-7.
constexpr Sequence sequence_starting_with(unsigned char first) {
  if (first < 0x80) return {1};
  if (first < 0xC2) return {};
  if (first < 0xE0) return {2};
  if (first == 0xE0) return {3, 0xA0, 0xBF};
  if (first == 0xED) return {3, 0x80, 0x9F};
  if (first < 0xF0) return {3};
  if (first == 0xF0) return {4, 0x90, 0xBF};
  if (first < 0xF4) return {4};
  if (first == 0xF4) return {4, 0x80, 0x8F};
  return {};
}

/// How many bytes the character at the front takes; 0 if the bytes there are not one.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto sequence = sequence_starting_with(byte(0));
  if (sequence.length == 0 || sequence.length > text.size()) return 0;
  for (std::size_t i = 1; i < sequence.length; ++i) {
    const auto low = i == 1 ? sequence.second_low : 0x80;
    const auto high = i == 1 ? sequence.second_high : 0xBF;
    if (byte(i) < low || byte(i) > high) return 0;
  }
  return sequence.length;
}

/// Most texts are, and a large one is checked eight times as fast that way.
bool is_eight_of_ascii(std::string_view text) {
  if (text.size() < 8) return false;
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, text.data(), 8);
  return (bytes & 0x8080808080808080U) == 0;
}

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// glibc carries this locale within itself, so it is there on every machine. Only its table of letters is
/// used.
locale_t letters_of_all_scripts() {
  static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  ensure(locale != nullptr, "the C.UTF-8 locale is built into the C library");
  return locale;
}

wint_t code_point(std::string_view character) {
  auto value = static_cast<wint_t>(static_cast<unsigned char>(character[0]));
  if (character.size() > 1) value &= 0xFFU >> (character.size() + 1);
  for (const char c : character.substr(1)) value = (value << 6) | (static_cast<unsigned char>(c) & 0x3FU);
  return value;
}

/// Characters without their letter case; a broken byte becomes a value that no character has.
std::vector<wint_t> folded(std::string_view text) {
  constexpr wint_t k_beyond_unicode = 0x110000;
  constexpr wint_t k_final_sigma = 0x3C2;  // the one letter with two small forms
  constexpr wint_t k_sigma = 0x3C3;
  std::vector<wint_t> result;
  for (std::size_t at = 0; at < text.size();) {
    const auto length = character_length(text.substr(at));
    if (length == 0) {
      result.push_back(k_beyond_unicode + static_cast<unsigned char>(text[at]));
    } else {
      const auto letter = towlower_l(code_point(text.substr(at, length)), letters_of_all_scripts());
      result.push_back(letter == k_final_sigma ? k_sigma : letter);
    }
    at += std::max<std::size_t>(1, length);
  }
  return result;
}

}  // namespace

bool same_name(std::string_view one, std::string_view other) {
  return folded(trim(one)) == folded(trim(other));
}

std::string to_lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), lower);
  return result;
}

bool equal_ignoring_case(std::string_view one, std::string_view other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

bool contains_ignoring_case(std::string_view text, std::string_view part) {
  return std::search(text.begin(), text.end(), part.begin(), part.end(),
                     [](char a, char b) { return lower(a) == lower(b); }) != text.end();
}

bool starts_with_ignoring_case(std::string_view text, std::string_view start) {
  return text.size() >= start.size() && equal_ignoring_case(text.substr(0, start.size()), start);
}

std::string_view trim(std::string_view text) {
  while (!text.empty()) {
    if (is_space(text.front())) {
      text.remove_prefix(1);
    } else if (text.substr(0, 2) == k_no_break_space) {
      text.remove_prefix(2);
    } else {
      break;
    }
  }
  while (!text.empty()) {
    if (is_space(text.back())) {
      text.remove_suffix(1);
    } else if (text.size() >= 2 && text.substr(text.size() - 2) == k_no_break_space) {
      text.remove_suffix(2);
    } else {
      break;
    }
  }
  return text;
}

std::optional<std::size_t> first_invalid_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (is_eight_of_ascii(text.substr(at))) {
      at += 8;
      continue;
    }
    const auto length = character_length(text.substr(at));
    if (length == 0) return at;
    at += length;
  }
  return std::nullopt;
}

std::size_t count_characters(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count)
    at += std::max<std::size_t>(1, character_length(text.substr(at)));
  return count;
}

std::string one_line(std::string_view text, std::size_t max_bytes) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const auto length = character_length(text.substr(at));
    const auto first = static_cast<unsigned char>(text[at]);
    const bool printable = length > 1 || (length == 1 && first >= 0x20 && first != 0x7F);
    // C1 controls (U+0080 to U+009F) move cursors on some terminals just as C0 ones do.
    const bool c1_control = length == 2 && first == 0xC2 && static_cast<unsigned char>(text[at + 1]) < 0xA0;
    // Line and paragraph separator, U+2028 and U+2029.
    const bool separator =
        length == 3 && (text.substr(at, 3) == "\xE2\x80\xA8" || text.substr(at, 3) == "\xE2\x80\xA9");
    const std::string_view shown =
        printable && !c1_control && !separator ? text.substr(at, length) : std::string_view(" ");
    if (result.size() + shown.size() > max_bytes) return result + "…";
    result += shown;
    at += std::max<std::size_t>(1, length);
  }
  return std::string(trim(result));
}

}  // namespace offboard
