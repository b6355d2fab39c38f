#include "base/guid.hpp"

#include <cstring>
#include <tuple>
#include <utility>

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

constexpr unsigned value_of(char digit) {
  return static_cast<unsigned>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

/// The last step of MurmurHash3, which is in the public domain.
constexpr std::uint64_t mixed(std::uint64_t bits) {
  bits ^= bits >> 33U;
  bits *= 0xff51afd7ed558ccdU;
  bits ^= bits >> 33U;
  bits *= 0xc4ceb9fe1a85ec53U;
  return bits ^ (bits >> 33U);
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

Guid::Bytes Guid::bytes() const {
  Bytes bytes{};
  std::size_t at = 0;
  for (auto& byte : bytes) {
    if (is_dash_position(at)) ++at;
    byte = static_cast<std::uint8_t>(value_of(text_[at]) << 4U | value_of(text_[at + 1]));
    at += 2;
  }
  return bytes;
}

Guid Guid::of(const Bytes& bytes) {
  constexpr std::string_view k_digits = "0123456789abcdef";
  std::string text(k_length, '-');
  std::size_t at = 0;
  for (const auto byte : bytes) {
    if (is_dash_position(at)) ++at;
    text[at++] = k_digits[byte >> 4U];
    text[at++] = k_digits[byte & 0xFU];
  }
  return Guid(std::move(text));
}

std::size_t HashOfGuidBytes::operator()(const Guid::Bytes& bytes) const noexcept {
  std::array<std::uint64_t, 2> halves{};
  static_assert(sizeof halves == std::tuple_size_v<Guid::Bytes>);
  std::memcpy(halves.data(), bytes.data(), sizeof halves);
  return static_cast<std::size_t>(mixed(halves[0] ^ mixed(halves[1])));
}

}  // namespace offboard
