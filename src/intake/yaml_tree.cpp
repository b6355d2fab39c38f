#include "intake/yaml_tree.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/text.hpp"

namespace offboard {
namespace {

class TreeBuilder final : public YamlVisitor {
 public:
  void on_map_start(const Place& place) override { open(YamlKind::map, place); }
  void on_map_end() override { close(); }
  void on_sequence_start(const Place& place) override { open(YamlKind::sequence, place); }
  void on_sequence_end() override { close(); }
  void on_key(const Place& place, const std::string& text) override {
    open_.back().entries.push_back({text, place, {}});
  }
  void on_scalar(const Place& place, const std::string& text, ScalarStyle style) override {
    YamlNode node;
    node.kind = YamlKind::scalar;
    node.place = place;
    node.text = text;
    node.style = style;
    add(std::move(node));
  }
  void on_null(const Place& place) override {
    YamlNode node;
    node.place = place;
    add(std::move(node));
  }

  [[nodiscard]] YamlNode take() { return std::move(root_); }

 private:
  void open(YamlKind kind, const Place& place) {
    YamlNode node;
    node.kind = kind;
    node.place = place;
    open_.push_back(std::move(node));
  }
  void close() {
    auto done = std::move(open_.back());
    open_.pop_back();
    add(std::move(done));
  }
  void add(YamlNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
    } else if (open_.back().kind == YamlKind::map) {
      open_.back().entries.back().value = std::move(node);
    } else {
      open_.back().items.push_back(std::move(node));
    }
  }

  YamlNode root_;
  std::vector<YamlNode> open_;
};

bool all_of(std::string_view text, std::string_view allowed) {
  return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

std::string_view without_sign(std::string_view text) {
  return text.starts_with('-') || text.starts_with('+') ? text.substr(1) : text;
}

constexpr std::string_view k_digits = "0123456789";

/// `1`, `1.5`, `.5`, `1e3`, without the sign.
bool is_decimal(std::string_view text) {
  const auto exponent_at = text.find_first_of("eE");
  if (exponent_at != std::string_view::npos) {
    if (!all_of(without_sign(text.substr(exponent_at + 1)), k_digits)) return false;
    text = text.substr(0, exponent_at);
  }
  const auto point = text.find('.');
  if (point == std::string_view::npos) return all_of(text, k_digits);
  const auto whole = text.substr(0, point);
  const auto fraction = text.substr(point + 1);
  return (!whole.empty() || !fraction.empty()) && (whole.empty() || all_of(whole, k_digits)) &&
         (fraction.empty() || all_of(fraction, k_digits));
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

}  // namespace

YamlNode read_yaml_tree(SourceText& source) {
  TreeBuilder builder;
  read_yaml(source, builder);
  return builder.take();
}

bool reads_as_number(const YamlNode& node) {
  if (node.kind != YamlKind::scalar || node.style != ScalarStyle::plain) return false;
  const std::string_view text = node.text;
  if (text.starts_with("0x")) return all_of(text.substr(2), "0123456789abcdefABCDEF");
  if (text.starts_with("0o")) return all_of(text.substr(2), "01234567");
  const auto size = without_sign(text);
  return is_decimal(size) || is_one_of(size, {".inf", ".Inf", ".INF"}) ||
         is_one_of(text, {".nan", ".NaN", ".NAN"});
}

bool reads_as_truth(const YamlNode& node) {
  return node.kind == YamlKind::scalar && node.style == ScalarStyle::plain &&
         is_one_of(node.text, {"true", "True", "TRUE", "false", "False", "FALSE"});
}

std::string description_of(const YamlNode& node) {
  switch (node.kind) {
    case YamlKind::null: return "nothing";
    case YamlKind::sequence: return "a list";
    case YamlKind::map: return "a map";
    case YamlKind::scalar: break;
  }
  if (reads_as_number(node)) return "a number";
  if (reads_as_truth(node)) return "a truth value";
  return node.style == ScalarStyle::quoted ? "text in quotes" : "text";
}

}  // namespace offboard
