#pragma once
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/file.hpp"
#include "base/sha256.hpp"
#include "intake/problem.hpp"

namespace offboard {

/// A place in a source text. Cheap to carry along; the column in characters is counted only when a message
/// needs it, since counting it for each of a million items on one line would take hours.
struct Place {
  std::size_t line = 1;
  std::size_t line_start = 0;  // bytes from the start of the text
  std::size_t offset = 0;      // bytes from the start of the text
};

enum class TextKind {
  csv,  // line ends as they are: a quoted field keeps its own
  yaml  // each line end becomes one LF, since yaml-cpp takes a lone CR for a letter; no control characters
};

/// How much of a file is held. Tests make these small.
struct Window {
  std::size_t piece = 64UL * 1024;     // bytes that are read at once
  std::size_t behind = 1024UL * 1024;  // bytes that are kept of what was read, at least
};

/// The text of a file that the user wrote: UTF-8 without a byte order mark, read from its start to its end.
/// Only a window of it is in memory; whatever lies before is read again when somebody asks for it, which only
/// messages do.
class SourceText {
 public:
  /// One that is in memory, and of which nothing has been read yet.
  SourceText(std::string file, std::string text);

  /// Looks at a whole file, and is then at its start. Throws InvalidInput if there is no such file, it is too
  /// large, is not UTF-8 or has a NUL byte in it, or another control character in YAML.
  [[nodiscard]] static SourceText open(const std::filesystem::path& path, std::size_t max_bytes,
                                       TextKind kind, Window window = {});

  SourceText(SourceText&&) noexcept;
  ~SourceText();

  [[nodiscard]] const std::string& file() const { return file_; }

  /// SHA-256 of the file as open() found it.
  [[nodiscard]] const std::string& digest() const { return digest_; }

  /// What has been read from that place on. Valid until the next call of anything here.
  [[nodiscard]] std::string_view from(std::size_t offset) const;

  /// How far it has been read: bytes from the start of the text.
  [[nodiscard]] std::size_t read_so_far() const { return base_ + text_.size(); }

  /// Reads another piece; false at the end. Throws InvalidInput if the file is not what open() looked at.
  bool read_on();

  /// The message with the place it is about.
  [[nodiscard]] Problem problem(const Place& place, std::string message) const;

  /// Of something behind a known place, where line ends are unified.
  [[nodiscard]] Place place_after(const Place& known, std::size_t offset) const;

 private:
  class Pieces;
  SourceText(std::string file, std::size_t max_bytes, TextKind kind, Window window);
  void reread(std::size_t from, std::size_t to, const Sink& take) const;

  std::string file_;
  std::size_t max_bytes_ = 0;
  TextKind kind_ = TextKind::csv;
  Window window_;
  std::string digest_;
  std::unique_ptr<Pieces> pieces_;  // what is still to be read of the file
  std::string unread_;              // the same of a text in memory
  std::string text_;                // what is in the window,
  std::size_t base_ = 0;            // and where it begins
  mutable std::string again_;       // what was read again
};

/// How many bytes the line end at this place takes: 2 for CRLF, 1 for LF or CR, 0 if there is none.
[[nodiscard]] std::size_t line_end_length(std::string_view text, std::size_t at);

/// Where the first control character other than those in `allowed` is, or npos.
[[nodiscard]] std::size_t find_control_character(std::string_view text, std::string_view allowed);

/// `U+0007`: the control character at this place, fit to be shown.
[[nodiscard]] std::string control_character_name(std::string_view text, std::size_t at);

}  // namespace offboard
