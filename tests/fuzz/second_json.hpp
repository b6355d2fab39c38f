#pragma once
#include <base/text.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace offboard::fuzz {

using Json = nlohmann::json;

/// A JSON text read by a parser that is not the program's. Objects in which a key stands twice, letter case
/// aside, get one more member named k_doubled, since this parser keeps only the last of them.
inline const std::string k_doubled = "\x01 a key stands twice";

inline Json second_json(std::string_view text) {
  std::vector<std::pair<std::set<std::string>, bool>> open;
  const auto note_keys = [&](int /*depth*/, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::object_start) open.push_back({{}, false});
    if (event == Json::parse_event_t::key &&
        !open.back().first.insert(to_lower(parsed.get<std::string>())).second)
      open.back().second = true;
    if (event == Json::parse_event_t::object_end) {
      if (open.back().second) parsed[k_doubled] = true;
      open.pop_back();
    }
    return true;
  };
  return Json::parse(text.begin(), text.end(), note_keys, false);
}

inline bool is_sound_object(const Json& json) {
  return json.is_object() && !json.contains(k_doubled);
}

/// The value of a key in any letter case; null if there is none.
inline const Json& member(const Json& object, std::string_view key) {
  static const Json nothing;
  if (!object.is_object()) return nothing;
  for (const auto& [name, value] : object.items()) {
    if (equal_ignoring_case(name, key)) return value;
  }
  return nothing;
}

/// A text; empty for anything else.
inline std::string text_in(const Json& object, std::string_view key) {
  const auto& value = member(object, key);
  return value.is_string() ? value.get<std::string>() : "";
}

}  // namespace offboard::fuzz
