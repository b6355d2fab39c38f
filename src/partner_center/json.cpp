#include "partner_center/json.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace offboard {
namespace {

constexpr std::string_view k_byte_order_mark = "\xEF\xBB\xBF";

bool has_doubled_key(const simdjson::dom::object& object) {
  std::vector<std::string> keys;
  for (const auto field : object) keys.push_back(to_lower(field.key));
  std::sort(keys.begin(), keys.end());
  return std::adjacent_find(keys.begin(), keys.end()) != keys.end();
}

}  // namespace

std::optional<JsonObject> JsonObject::from(Element element) {
  simdjson::dom::object object;
  if (element.get(object) != simdjson::SUCCESS || has_doubled_key(object)) return std::nullopt;
  return JsonObject(object);
}

std::optional<JsonObject::Element> JsonObject::member(std::string_view key) const {
  Element found;
  if (object_.at_key_case_insensitive(key).get(found) != simdjson::SUCCESS || found.is_null())
    return std::nullopt;
  return found;
}

std::optional<JsonObject> JsonObject::object(std::string_view key) const {
  const auto found = member(key);
  return found ? from(*found) : std::nullopt;
}

std::optional<std::int64_t> JsonObject::integer(std::string_view key) const {
  const auto found = member(key);
  std::int64_t value = 0;
  if (!found || found->get(value) != simdjson::SUCCESS) return std::nullopt;
  return value;
}

std::string JsonObject::string(std::string_view key) const {
  const auto found = member(key);
  std::string_view value;
  return found && found->get(value) == simdjson::SUCCESS ? std::string(value) : "";
}

std::string JsonObject::text(std::string_view key) const {
  const auto found = member(key);
  if (!found) return "";
  switch (found->type()) {
    case simdjson::dom::element_type::STRING: return std::string(found->get_string().value_unsafe());
    case simdjson::dom::element_type::INT64: return fmt::to_string(found->get_int64().value_unsafe());
    case simdjson::dom::element_type::UINT64: return fmt::to_string(found->get_uint64().value_unsafe());
    case simdjson::dom::element_type::DOUBLE: return fmt::to_string(found->get_double().value_unsafe());
    case simdjson::dom::element_type::BOOL: return found->get_bool().value_unsafe() ? "true" : "false";
    case simdjson::dom::element_type::ARRAY:
    case simdjson::dom::element_type::OBJECT:
    case simdjson::dom::element_type::NULL_VALUE: break;
  }
  return "";
}

std::string_view without_byte_order_mark(std::string_view body) {
  if (body.substr(0, k_byte_order_mark.size()) == k_byte_order_mark)
    body.remove_prefix(k_byte_order_mark.size());
  return body;
}

std::optional<JsonObject> JsonDocument::parse_object(std::string_view body) {
  body = without_byte_order_mark(body);
  simdjson::dom::element root;
  if (parser_.parse(body.data(), body.size()).get(root) != simdjson::SUCCESS) return std::nullopt;
  return JsonObject::from(root);
}

}  // namespace offboard
