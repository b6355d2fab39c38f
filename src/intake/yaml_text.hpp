#pragma once
#include <cstddef>
#include <string>
#include <string_view>

/// What a place in a YAML text looks like, where yaml-cpp's events do not tell.
namespace offboard::yaml_text {

/// A quoted scalar begins here and has no end: yaml-cpp takes the rest of the file for its text.
[[nodiscard]] bool is_unclosed_quote(std::string_view text, std::size_t at);

/// `~` or `null` stands here.
[[nodiscard]] bool spells_null(std::string_view text, std::size_t at);

/// The last character before `at`, and not before `from`, that is neither space nor comment: the dash, comma
/// or bracket after which a value is missing.
[[nodiscard]] std::size_t end_of_text_before(std::string_view text, std::size_t from, std::size_t at);

/// How deep the brackets are nested that open here, and whether the outermost is closed again. Looks past
/// quotes and comments; good enough to choose a message by.
struct Brackets {
  std::size_t depth = 0;  // 0: there is no bracket here
  bool closed = true;
  std::size_t unclosed_quote = std::string_view::npos;  // why it is not closed
};
[[nodiscard]] Brackets brackets_at(std::string_view text, std::size_t at);

/// The first tab in the indentation of the line that starts here, or npos.
[[nodiscard]] std::size_t tab_in_indentation(std::string_view text, std::size_t line_start);

[[nodiscard]] bool is_unclosed_bracket(const std::string& yaml_cpp_message);

/// In words for an operator. Never quotes the file: there might be a secret.
[[nodiscard]] std::string explanation(const std::string& yaml_cpp_message);

}  // namespace offboard::yaml_text
