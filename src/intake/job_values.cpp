#include "intake/job_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/text.hpp"
#include "intake/duration_text.hpp"
#include "intake/limits.hpp"
#include "intake/service_address.hpp"

namespace offboard {
namespace {

namespace fs = std::filesystem;

/// A whole number in plain decimal digits. A leading zero is octal to some readers and decimal to others.
std::optional<long long> whole_number(const YamlNode& node) {
  const std::string_view text = node.text;
  if (node.style != ScalarStyle::plain || text.empty()) return std::nullopt;
  if (text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  long long number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() ? std::optional(number) : std::nullopt;
}

/// What is wrong with the braces of a path template; empty if nothing is.
std::string trouble_with_placeholders(std::string_view text) {
  while (true) {
    const auto brace = text.find_first_of("{}");
    if (brace == std::string_view::npos) return {};
    const auto end = text.find('}', brace);
    if (text[brace] == '}' || end == std::string_view::npos) return "has a brace without its partner";
    const auto word = text.substr(brace + 1, end - brace - 1);
    if (word != "date" && word != "run")
      return fmt::format("has an unknown placeholder {{{}}}; {{date}} and {{run}} are known",
                         one_line(word, limits::k_shown));
    text.remove_prefix(end + 1);
  }
}

std::string trouble_with_path(std::string_view text) {
  if (text.size() > limits::k_path) return "is too long for a path";
  if (text == "~" || text.starts_with("~/"))
    return "begins with ~, which only a shell replaces; write it out";
  const auto name = fs::path(text).filename();
  if (name.empty() || name == "." || name == "..") return "names a folder; a file is wanted";
  return {};
}

}  // namespace

void JobValues::complain(const JobValue& value, std::string_view what) {
  complaints_.add(value.node->place, fmt::format("{} {}", value.name, what));
}

bool JobValues::is_scalar(const JobValue& value, std::string_view wanted) {
  if (value.node->kind == YamlKind::scalar) return true;
  if (value.node->kind == YamlKind::null) {
    complain(value, fmt::format("has no value; {} is wanted, or leave the key out", wanted));
  } else {
    complain(value, fmt::format("must be {}, not {}", wanted, description_of(*value.node)));
  }
  return false;
}

std::optional<std::string> JobValues::text(const JobValue& value) {
  if (!value.given() || !is_scalar(value, "a text")) return std::nullopt;
  const auto& node = *value.node;
  if (reads_as_number(node) || reads_as_truth(node)) {
    complain(value, fmt::format("must be a text, not {}; put it in quotes", description_of(node)));
    return std::nullopt;
  }
  if (trim(node.text).empty()) {
    complain(value, "is empty");
    return std::nullopt;
  }
  if (find_control_character(node.text, "") != std::string_view::npos) {
    complain(value, "has a line end or a control character in it");
    return std::nullopt;
  }
  return node.text;
}

std::optional<int> JobValues::integer(const JobValue& value, int least, int most) {
  if (!value.given() || !is_scalar(value, "a whole number")) return std::nullopt;
  const auto number = whole_number(*value.node);
  if (number && *number >= least && *number <= most) return static_cast<int>(*number);
  const auto& node = *value.node;
  const auto got = node.style == ScalarStyle::quoted || !reads_as_number(node)
                       ? fmt::format(", not {}", description_of(node))
                       : std::string();
  complain(value, fmt::format("must be a whole number from {} to {}{}", least, most, got));
  return std::nullopt;
}

std::optional<milliseconds> JobValues::duration(const JobValue& value) {
  if (!value.given() || !is_scalar(value, "a duration such as 10m")) return std::nullopt;
  const auto duration = parse_duration(value.node->text);
  if (duration) return *duration;
  complain(value, duration.error());
  return std::nullopt;
}

std::optional<bool> JobValues::truth(const JobValue& value) {
  if (!value.given() || !is_scalar(value, "true or false")) return std::nullopt;
  const auto& node = *value.node;
  if (node.style == ScalarStyle::plain && node.text == "true") return true;
  if (node.style == ScalarStyle::plain && node.text == "false") return false;
  complain(value, fmt::format("must be true or false, not {}", description_of(node)));
  return std::nullopt;
}

std::optional<std::size_t> JobValues::word(const JobValue& value,
                                           const std::vector<std::string_view>& words) {
  const auto wanted = fmt::format("one of {}", fmt::join(words, ", "));
  if (!value.given() || !is_scalar(value, wanted)) return std::nullopt;
  const auto found = std::find(words.begin(), words.end(), value.node->text);
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  complain(value, "must be " + wanted);
  return std::nullopt;
}

std::optional<fs::path> JobValues::path(const JobValue& value) {
  const auto written = text(value);
  if (!written) return std::nullopt;
  if (const auto trouble = trouble_with_path(*written); !trouble.empty()) {
    complain(value, trouble);
    return std::nullopt;
  }
  return resolved(*written);
}

std::optional<std::string> JobValues::path_template(const JobValue& value) {
  const auto resolved_path = path(value);
  if (!resolved_path) return std::nullopt;
  if (const auto trouble = trouble_with_placeholders(value.node->text); !trouble.empty()) {
    complain(value, trouble);
    return std::nullopt;
  }
  return resolved_path->string();
}

std::optional<std::string> JobValues::address(const JobValue& value) {
  const auto written = text(value);
  if (!written) return std::nullopt;
  const auto address = service_address(*written);
  if (address) return *address;
  complaints_.add(value.node->place, fmt::format("{}: {}", value.name, address.error()));
  return std::nullopt;
}

fs::path JobValues::resolved(const fs::path& path) const {
  return (folder_ / path).lexically_normal();
}

}  // namespace offboard
