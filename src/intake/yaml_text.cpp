#include "intake/yaml_text.hpp"

#include <yaml-cpp/exceptions.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"

namespace offboard::yaml_text {
namespace {

namespace yaml_cpp = YAML::ErrorMsg;

/// Where the single quoted text ends whose opening quote is before `at`, or npos.
std::size_t end_of_single_quoted(std::string_view text, std::size_t at) {
  while (true) {
    at = text.find('\'', at);
    if (at == std::string_view::npos || text.substr(at + 1, 1) != "'") return at;
    at += 2;
  }
}

std::size_t end_of_double_quoted(std::string_view text, std::size_t at) {
  while (true) {
    at = text.find_first_of("\"\\", at);
    if (at == std::string_view::npos || text[at] == '"') return at;
    at += 2;
  }
}

bool is_quote(char c) {
  return c == '\'' || c == '"';
}

std::size_t end_of_quoted(std::string_view text, std::size_t at) {
  return text[at] == '"' ? end_of_double_quoted(text, at + 1) : end_of_single_quoted(text, at + 1);
}

bool may_begin_comment(std::string_view text, std::size_t at) {
  return at == 0 || text[at - 1] == ' ' || text[at - 1] == '\t' || text[at - 1] == '\n';
}

std::string_view without_comment(std::string_view line) {
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] == '#' && may_begin_comment(line, at)) return line.substr(0, at);
  }
  return line;
}

}  // namespace

bool is_unclosed_quote(std::string_view text, std::size_t at) {
  return at < text.size() && is_quote(text[at]) && end_of_quoted(text, at) == std::string_view::npos;
}

Brackets brackets_at(std::string_view text, std::size_t at) {
  Brackets result;
  std::size_t open = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (is_unclosed_quote(text, at)) {
      result.unclosed_quote = at;
      break;
    }
    if (is_quote(c)) {
      at = end_of_quoted(text, at);
    } else if (c == '#' && may_begin_comment(text, at)) {
      at = std::min(text.find('\n', at), text.size());
    } else if (c == '[' || c == '{') {
      result.depth = std::max(result.depth, ++open);
    } else if (open > 0 && (c == ']' || c == '}')) {
      --open;
    }
    if (open == 0) return result;
  }
  result.closed = false;
  return result;
}

std::size_t tab_in_indentation(std::string_view text, std::size_t line_start) {
  const auto end = text.find_first_not_of(" \t", line_start);
  const auto tab = text.find('\t', line_start);
  return tab < end ? tab : std::string_view::npos;
}

bool spells_null(std::string_view text, std::size_t at) {
  const auto rest = text.substr(at, 4);
  return rest.starts_with('~') || equal_ignoring_case(rest, "null");
}

std::size_t end_of_text_before(std::string_view text, std::size_t from, std::size_t at) {
  std::size_t end = at;
  while (end > from) {
    const auto break_before = text.rfind('\n', end - 1);
    const auto start =
        break_before == std::string_view::npos || break_before < from ? from : break_before + 1;
    const auto line = trim(without_comment(text.substr(start, end - start)));
    if (!line.empty()) return static_cast<std::size_t>(&line.back() - text.data());
    end = start > from ? start - 1 : from;
  }
  return from;
}

bool is_unclosed_bracket(const std::string& yaml_cpp_message) {
  return yaml_cpp_message == yaml_cpp::END_OF_SEQ_FLOW || yaml_cpp_message == yaml_cpp::END_OF_MAP_FLOW;
}

std::string explanation(const std::string& yaml_cpp_message) {
  using Pair = std::pair<const char*, const char*>;
  static const std::array k_ours = {
      Pair{yaml_cpp::TAB_IN_INDENTATION, "a tab in the indentation; YAML wants spaces"},
      Pair{yaml_cpp::MAP_VALUE,
           "a colon where no value can stand; put the text in quotes, or check the indentation"},
      Pair{yaml_cpp::UNKNOWN_TOKEN, "text cannot begin with this character; put it in quotes"},
      Pair{yaml_cpp::UNKNOWN_ANCHOR, "aliases (*) are not allowed"},
      Pair{yaml_cpp::ALIAS_NOT_FOUND, "aliases (*) are not allowed"},
      Pair{yaml_cpp::FLOW_END, "a closing bracket that was never opened"},
      Pair{yaml_cpp::END_OF_MAP, "this line does not continue the map above; check the indentation"},
      Pair{yaml_cpp::END_OF_SEQ, "this line does not continue the list above; check the indentation"},
  };
  for (const auto& [theirs, ours] : k_ours) {
    if (yaml_cpp_message == theirs) return ours;
  }
  // After a colon, some of its messages quote the file.
  return "this is not YAML: " + yaml_cpp_message.substr(0, yaml_cpp_message.find(": "));
}

}  // namespace offboard::yaml_text
