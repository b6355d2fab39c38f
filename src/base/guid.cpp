#include "base/guid.hpp"

namespace offboard {
namespace {

constexpr std::size_t k_length = 36;

constexpr bool is_dash_position(std::size_t index) {
  return index == 8 || index == 13 || index == 18 || index == 23;
}

/// The lower-case digit, or 0 if this is none. Not isxdigit: that asks the locale.
constexpr char hex_digit(char c) {
  if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')) return c;
  if (c >= 'A' && c <= 'F') return static_cast<char>(c - 'A' + 'a');
  return '\0';
}

}  // namespace

std::optional<Guid> Guid::parse(std::string_view text) {
  if (text.size() == k_length + 2 && text.front() == '{' && text.back() == '}')
    text = text.substr(1, k_length);
  if (text.size() != k_length) return std::nullopt;
  std::string canonical(k_length, '-');
  for (std::size_t i = 0; i < k_length; ++i) {
    if (is_dash_position(i)) {
      if (text[i] != '-') return std::nullopt;
      continue;
    }
    canonical[i] = hex_digit(text[i]);
    if (canonical[i] == '\0') return std::nullopt;
  }
  return Guid(std::move(canonical));
}

}  // namespace offboard
