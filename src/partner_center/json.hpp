#pragma once
#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Internal to this room: the only header that shows simdjson's types.

namespace offboard {

/// A JSON object whose keys are looked up in any letter case, since the service mixes camelCase and
/// PascalCase.
class JsonObject {
 public:
  using Element = simdjson::dom::element;

  /// Nothing unless the element is an object in which no key stands twice, letter case aside: of two statuses
  /// nobody could say which one counts.
  [[nodiscard]] static std::optional<JsonObject> from(Element element);

  [[nodiscard]] std::optional<Element> member(std::string_view key) const;  // null counts as absent
  [[nodiscard]] std::optional<JsonObject> object(std::string_view key) const;
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key) const;

  /// A text and nothing else; empty if absent or of another type.
  [[nodiscard]] std::string string(std::string_view key) const;

  /// A text, or a number or truth value written as one; empty if absent, null, or a list or object.
  [[nodiscard]] std::string text(std::string_view key) const;

 private:
  explicit JsonObject(simdjson::dom::object object) : object_(object) {}
  simdjson::dom::object object_;
};

[[nodiscard]] std::string_view without_byte_order_mark(std::string_view body);

/// A whole document, checked to its last byte: an answer cut in the middle is no document. A byte order mark
/// is stripped if there is one.
class JsonDocument {
 public:
  [[nodiscard]] std::optional<JsonObject> parse_object(std::string_view body);

 private:
  simdjson::dom::parser parser_;
};

}  // namespace offboard
