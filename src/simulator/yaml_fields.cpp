#include "simulator/yaml_fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace offboard::simulator {

void complain(const Source& source, const YAML::Node& node, const std::string& what) {
  const YAML::Mark mark = node.Mark();
  throw WorldTrouble(fmt::format("{}:{}:{}: {}", source.name, mark.line + 1, mark.column + 1, what));
}

Fields::Fields(const YAML::Node& node, std::string_view what, const Source& source)
    : source_(source), what_(what), map_(node) {
  if (!node.IsMap()) complain(source, node, fmt::format("{} must be a map", what));
  for (const auto& pair : node) {
    if (!pair.first.IsScalar())
      complain(source, pair.first, fmt::format("{} has a key that is no text", what));
    const std::string& key = pair.first.Scalar();
    const bool doubled =
        std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.key == key; });
    if (doubled) complain(source, pair.first, fmt::format("{} has the key {} twice", what, key));
    entries_.push_back({key, pair.second, pair.first, false});
  }
}

const YAML::Node* Fields::find(std::string_view key) {
  const auto found =
      std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.key == key; });
  if (found == entries_.end()) return nullptr;
  found->asked = true;
  return &found->value;
}

const YAML::Node* Fields::scalar(std::string_view key) {
  const YAML::Node* value = find(key);
  if (value == nullptr || value->IsNull()) return nullptr;
  if (!value->IsScalar()) complain_of(key, "must be a single value");
  return value;
}

void Fields::complain_of(std::string_view key, const std::string& what) const {
  const auto found =
      std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.key == key; });
  complain(source_, found == entries_.end() ? map_ : found->value,
           fmt::format("{}: {} {}", what_, key, what));
}

Field Fields::field(std::string_view key) {
  if (find(key) == nullptr) return {};
  const YAML::Node* value = scalar(key);
  if (value == nullptr) return {Field::Presence::null, ""};
  return {Field::Presence::given, value->Scalar()};
}

std::optional<std::string> Fields::text(std::string_view key) {
  const YAML::Node* value = scalar(key);
  return value == nullptr ? std::nullopt : std::optional(value->Scalar());
}

std::string Fields::required_text(std::string_view key) {
  auto value = text(key);
  if (!value || value->empty()) complain_of(key, "is required");
  return *value;
}

std::int64_t Fields::number(std::string_view key, std::int64_t otherwise, std::int64_t least,
                            std::int64_t most) {
  const auto word = text(key);
  if (!word) return otherwise;
  std::int64_t value = 0;
  const char* end = word->data() + word->size();
  const auto result = std::from_chars(word->data(), end, value);
  if (result.ec != std::errc() || result.ptr != end) complain_of(key, "must be a whole number");
  if (value < least || value > most) complain_of(key, fmt::format("must be between {} and {}", least, most));
  return value;
}

int Fields::small_number(std::string_view key, int otherwise, int least) {
  return static_cast<int>(number(key, otherwise, least));
}

std::optional<double> Fields::decimal(std::string_view key) {
  const auto word = text(key);
  if (!word) return std::nullopt;
  double value = 0;
  const char* end = word->data() + word->size();
  const auto result = std::from_chars(word->data(), end, value);
  if (result.ec != std::errc() || result.ptr != end || !(value >= 0)) complain_of(key, "must be a number");
  return value;
}

std::optional<bool> Fields::flag(std::string_view key) {
  const auto word = text(key);
  if (!word) return std::nullopt;
  if (*word != "true" && *word != "false") complain_of(key, "must be true or false");
  return *word == "true";
}

std::vector<YAML::Node> Fields::list(std::string_view key) {
  std::vector<YAML::Node> items;
  const auto value = node(key);
  if (!value) return items;
  if (!value->IsSequence()) complain_of(key, "must be a list");
  for (const auto& item : *value) items.push_back(item);
  return items;
}

std::optional<std::vector<std::string>> Fields::texts(std::string_view key) {
  if (!node(key)) return std::nullopt;
  std::vector<std::string> words;
  for (const auto& item : list(key)) {
    if (!item.IsScalar()) complain_of(key, "must be a list of single values");
    words.push_back(item.Scalar());
  }
  return words;
}

std::optional<YAML::Node> Fields::node(std::string_view key) {
  const YAML::Node* value = find(key);
  return value == nullptr || value->IsNull() ? std::nullopt : std::optional(*value);
}

void Fields::done() const {
  for (const auto& entry : entries_) {
    if (!entry.asked) complain(source_, entry.key_node, fmt::format("{} has no key {}", what_, entry.key));
  }
}

}  // namespace offboard::simulator
