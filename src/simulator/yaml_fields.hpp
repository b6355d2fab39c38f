#pragma once
// Only for this room's own .cpp files: the one header that shows yaml-cpp's types.
#include <yaml-cpp/yaml.h>

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "simulator/world.hpp"

namespace offboard::simulator {

struct Source {
  std::string name;
};

[[noreturn]] void complain(const Source& source, const YAML::Node& node, const std::string& what);

/// The keys of one map, each to be asked for once. done() complains of those that nobody asked for.
class Fields {
 public:
  /// `what` names the map in messages: "a customer".
  Fields(const YAML::Node& node, std::string_view what, const Source& source);

  [[nodiscard]] Field field(std::string_view key);
  /// Nothing for a key that is absent or null.
  [[nodiscard]] std::optional<std::string> text(std::string_view key);
  [[nodiscard]] std::string required_text(std::string_view key);
  [[nodiscard]] std::int64_t number(std::string_view key, std::int64_t otherwise, std::int64_t least = 0,
                                    std::int64_t most = std::numeric_limits<int>::max());
  [[nodiscard]] int small_number(std::string_view key, int otherwise, int least = 0);
  [[nodiscard]] std::optional<double> decimal(std::string_view key);
  [[nodiscard]] std::optional<bool> flag(std::string_view key);
  [[nodiscard]] bool flag(std::string_view key, bool otherwise) { return flag(key).value_or(otherwise); }
  /// The items of a list; none for a key that is absent or null.
  [[nodiscard]] std::vector<YAML::Node> list(std::string_view key);
  [[nodiscard]] std::optional<std::vector<std::string>> texts(std::string_view key);
  /// The node itself; nothing for a key that is absent or null.
  [[nodiscard]] std::optional<YAML::Node> node(std::string_view key);

  template <typename Choice, typename Choices>
  [[nodiscard]] std::optional<Choice> choice_of(std::string_view key, const Choices& choices) {
    const auto word = text(key);
    if (!word) return std::nullopt;
    std::string known;
    for (const auto& choice : choices) {
      if (choice.first == *word) return choice.second;
      known += (known.empty() ? "" : ", ") + std::string(choice.first);
    }
    complain_of(key, "is none of " + known);
  }
  template <typename Choice>
  [[nodiscard]] Choice choice(std::string_view key, Choice otherwise,
                              std::initializer_list<std::pair<std::string_view, Choice>> choices) {
    return choice_of<Choice>(key, choices).value_or(otherwise);
  }

  [[noreturn]] void complain_of(std::string_view key, const std::string& what) const;
  void done() const;

 private:
  struct Entry {
    std::string key;
    YAML::Node value;
    YAML::Node key_node;
    bool asked = false;
  };
  [[nodiscard]] const YAML::Node* find(std::string_view key);
  [[nodiscard]] const YAML::Node* scalar(std::string_view key);
  const Source& source_;
  std::string what_;
  YAML::Node map_;
  std::vector<Entry> entries_;
};

/// The parts of a world, each from its node.
[[nodiscard]] SignInRules read_sign_in(const YAML::Node& node, const Source& source);
[[nodiscard]] ThrottleRule read_throttle(const YAML::Node& node, const Source& source);
[[nodiscard]] FaultRule read_fault(const YAML::Node& node, const Source& source);

}  // namespace offboard::simulator
