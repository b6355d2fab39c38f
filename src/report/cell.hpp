#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace offboard::table {

/// What a column holds, where that changes how it is shown.
enum class Kind { text, number, state };

struct Head {
  std::string_view name;
  Kind kind = Kind::text;
};

/// Nothing (an empty text or a missing number), a text, or a number. The text is somebody else's.
using Value = std::variant<std::monostate, std::string_view, std::int64_t>;

struct Cell {
  Head head;
  Value value;
  std::string mended;  // where the text as it came could not be shown
};

/// One format's way of writing a table: begin once, each row as it comes, end once. Nothing of a row is kept
/// after `row` returns.
class Writer {
 public:
  virtual ~Writer() = default;
  virtual void begin(std::span<const Head> heads) = 0;
  virtual void row(std::span<const Cell> cells) = 0;
  virtual void end() = 0;
};

[[nodiscard]] bool is_sound(std::string_view text);

/// The text with each NUL and each byte that is not part of sound UTF-8 replaced by U+FFFD, so that no
/// content can make a report unreadable as a whole.
[[nodiscard]] std::string sound_text(std::string_view text);

}  // namespace offboard::table
