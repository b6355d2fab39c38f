#pragma once
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "intake/problem.hpp"

namespace offboard {

/// A place in a source text. Cheap to carry along; the column in characters is counted only when a message
/// needs it, since counting it for each of a million items on one line would take hours.
struct Place {
  std::size_t line = 1;
  std::size_t line_start = 0;  // bytes from the start of the text
  std::size_t offset = 0;      // bytes from the start of the text
};

enum class LineEnds {
  as_they_are,  // CSV: a quoted field keeps its own
  unified       // YAML: each becomes one LF, since yaml-cpp takes a lone CR for a letter
};

/// The text of a file that the user wrote: UTF-8 without a byte order mark.
class SourceText {
 public:
  SourceText(std::string file, std::string text) : file_(std::move(file)), text_(std::move(text)) {}

  /// Reads and checks a file. Throws InvalidInput if there is no such file, it is too large, is not UTF-8 or
  /// has a NUL byte in it.
  [[nodiscard]] static SourceText read(const std::filesystem::path& path, std::size_t max_bytes,
                                       LineEnds line_ends);

  [[nodiscard]] const std::string& file() const { return file_; }
  [[nodiscard]] std::string_view text() const { return text_; }

  /// The message with the place it is about.
  [[nodiscard]] Problem problem(const Place& place, std::string message) const;

  /// Finds the line by counting from the start.
  [[nodiscard]] Place place_of(std::size_t offset) const;

 private:
  std::string file_;
  std::string text_;
};

/// How many bytes the line end at this place takes: 2 for CRLF, 1 for LF or CR, 0 if there is none.
[[nodiscard]] std::size_t line_end_length(std::string_view text, std::size_t at);

/// Where the first control character other than those in `allowed` is, or npos.
[[nodiscard]] std::size_t find_control_character(std::string_view text, std::string_view allowed);

/// `U+0007`: the control character at this place, fit to be shown.
[[nodiscard]] std::string control_character_name(std::string_view text, std::size_t at);

}  // namespace offboard
