#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace offboard {

/// A GUID in its one spelling here: 36 characters, lower case, no braces. Value type; empty only if default
/// made.
class Guid {
 public:
  Guid() = default;

  /// Reads 8-4-4-4-12 hexadecimal digits of any letter case, with or without one pair of braces. Nothing
  /// else: no spaces, no missing dashes, no "urn:uuid:".
  [[nodiscard]] static std::optional<Guid> parse(std::string_view text);

  /// Its 16 bytes, where many are kept; not of an empty one.
  using Bytes = std::array<std::uint8_t, 16>;
  [[nodiscard]] Bytes bytes() const;
  [[nodiscard]] static Guid of(const Bytes& bytes);

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }

  friend auto operator<=>(const Guid&, const Guid&) = default;

 private:
  explicit Guid(std::string canonical) : text_(std::move(canonical)) {}
  std::string text_;
};

/// GUIDs that are counted up do not end up side by side.
struct HashOfGuidBytes {
  std::size_t operator()(const Guid::Bytes& bytes) const noexcept;
};

}  // namespace offboard

template <>
struct std::hash<offboard::Guid> {
  std::size_t operator()(const offboard::Guid& guid) const noexcept {
    return std::hash<std::string>{}(guid.text());
  }
};
