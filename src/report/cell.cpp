#include "report/cell.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace offboard::table {
namespace {

constexpr std::string_view k_replacement = "\xEF\xBF\xBD";  // U+FFFD

}  // namespace

bool is_sound(std::string_view text) {
  return !first_invalid_utf8(text) && text.find('\0') == std::string_view::npos;
}

std::string sound_text(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const auto nul = text.find('\0');
    const auto broken = first_invalid_utf8(text.substr(0, nul));
    const auto sound = broken.value_or(std::min(nul, text.size()));
    result += text.substr(0, sound);
    if (sound == text.size()) break;
    result += k_replacement;
    text.remove_prefix(sound + 1);
  }
  return result;
}

}  // namespace offboard::table
