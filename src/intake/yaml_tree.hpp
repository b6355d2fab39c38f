#pragma once
#include <string>
#include <vector>

#include "intake/source_text.hpp"
#include "intake/yaml_events.hpp"

namespace offboard {

enum class YamlKind { null, scalar, sequence, map };

struct YamlEntry;

/// A piece of a small YAML file, with its place.
struct YamlNode {
  YamlKind kind = YamlKind::null;
  Place place;
  std::string text;  // of a scalar
  ScalarStyle style = ScalarStyle::plain;
  std::vector<YamlNode> items;     // of a sequence
  std::vector<YamlEntry> entries;  // of a map, in the order of the file, doubled keys included
};

struct YamlEntry {
  std::string key;
  Place key_place;
  YamlNode value;
};

/// Throws InvalidInput as read_yaml does.
[[nodiscard]] YamlNode read_yaml_tree(SourceText& source);

/// `a list`, `a number`, …: what somebody wrote where something else was wanted. Never the value itself.
[[nodiscard]] std::string description_of(const YamlNode& node);

/// A plain scalar that is a number or a truth value to YAML 1.2, and so not text.
[[nodiscard]] bool reads_as_number(const YamlNode& node);
[[nodiscard]] bool reads_as_truth(const YamlNode& node);

}  // namespace offboard
