#include "intake/source_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/defect.hpp"
#include "base/text.hpp"

namespace offboard {
namespace {

constexpr std::string_view k_byte_order_mark = "\xEF\xBB\xBF";
/// Bytes. yaml-cpp steps back a few where it looks for the encoding.
constexpr std::size_t k_least_behind = 16;
/// Bytes; no character is longer.
constexpr std::size_t k_longest_character = 4;

std::string reason_for(const FileTrouble& trouble, std::size_t max_bytes) {
  switch (trouble.kind) {
    case FileTroubleKind::missing: return "there is no such file";
    case FileTroubleKind::not_a_file: return "this is not a regular file";
    case FileTroubleKind::no_permission: return "no permission to read this file";
    case FileTroubleKind::too_large:
      return fmt::format("the file is larger than {} MiB", max_bytes / (1024UL * 1024));
    case FileTroubleKind::other: break;
  }
  return "the file cannot be read: " + trouble.message;
}

bool is_utf16(std::string_view text) {
  return text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
}

/// Every byte but those that continue a character.
std::size_t characters_in(std::string_view sound) {
  return static_cast<std::size_t>(std::count_if(
      sound.begin(), sound.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

void append_with_unified_line_ends(std::string& text, std::string_view piece) {
  for (std::size_t at = 0; at < piece.size();) {
    const auto end = std::min(piece.find('\r', at), piece.size());
    text += piece.substr(at, end - at);
    if (end < piece.size()) text += '\n';
    at = end + std::max<std::size_t>(1, line_end_length(piece, end));
  }
}

/// Counts lines as pieces come.
class LineCount {
 public:
  /// The piece goes up to where the place is asked for, or a line end's two bytes are in one piece.
  void add(std::string_view piece) {
    for (const char c : piece) {
      ++offset_;
      if (c == '\n' && after_return_) {
        start_ = offset_;
      } else if (c == '\n' || c == '\r') {
        ++line_;
        start_ = offset_;
      }
      after_return_ = c == '\r';
    }
  }
  [[nodiscard]] Place place() const { return {line_, start_, offset_}; }

 private:
  std::size_t line_ = 1;
  std::size_t start_ = 0;
  std::size_t offset_ = 0;
  bool after_return_ = false;
};

/// What the first look at a text is for.
class FirstLook {
 public:
  explicit FirstLook(TextKind kind) : kind_(kind) {}

  struct Finding {
    std::size_t offset;
    std::string message;
  };

  void take(std::string_view piece) {
    rest_ += piece;
    look(Further::comes);
  }

  /// The worst that was found, if anything was.
  [[nodiscard]] std::optional<Finding> finish() {
    look(Further::nothing);
    return broken_ ? broken_ : nul_ ? nul_ : control_;
  }

 private:
  enum class Further { comes, nothing };

  /// A character may lie across the end of a piece.
  void look(Further further) {
    if (broken_) return;
    auto sound = first_invalid_utf8(rest_).value_or(rest_.size());
    if (sound < rest_.size() &&
        (further == Further::nothing || rest_.size() - sound >= k_longest_character)) {
      broken_ = {offset_ + sound, fmt::format("this is not UTF-8: byte 0x{:02X}; save the file as UTF-8",
                                              static_cast<unsigned char>(rest_[sound]))};
    }
    const auto text = std::string_view(rest_).substr(0, sound);
    if (const auto at = text.find('\0'); !nul_ && at != std::string_view::npos)
      nul_ = {offset_ + at, "a NUL byte; this is not a text file"};
    // To yaml-cpp, U+0004 is the end of the file.
    if (kind_ == TextKind::yaml && !control_) {
      if (const auto at = find_control_character(text, "\t\r\n"); at != std::string_view::npos)
        control_ = {offset_ + at, fmt::format("a control character ({})", control_character_name(text, at))};
    }
    offset_ += sound;
    rest_.erase(0, sound);
  }

  TextKind kind_;
  std::string rest_;
  std::size_t offset_ = 0;
  std::optional<Finding> broken_, nul_, control_;
};

}  // namespace

/// A file's text as it comes: without byte order mark, its line ends as the kind wants them.
class SourceText::Pieces {
 public:
  Pieces(const std::string& path, std::size_t max_bytes, TextKind kind, std::size_t piece)
      : path_(path), max_bytes_(max_bytes), kind_(kind), file_(opened(path, max_bytes, piece)) {}

  /// Appends to the text; false at the end.
  bool next(std::string& text) {
    if (at_end_) return false;
    auto piece = file_.next();
    if (!piece) throw InvalidInput({path_, 1, 1, reason_for(piece.error(), max_bytes_)});
    sha256_.add(*piece);
    at_end_ = piece->empty();
    held_ += *piece;
    if (!at_end_ && held_.size() < k_byte_order_mark.size() && !past_mark_) return true;
    if (!std::exchange(past_mark_, true) && held_.starts_with(k_byte_order_mark))
      held_.erase(0, k_byte_order_mark.size());
    hand_over(text);
    return true;
  }

  /// Of the bytes of the file, at its end.
  [[nodiscard]] std::string digest() { return sha256_.finish(); }

 private:
  static FilePieces opened(const std::string& path, std::size_t max_bytes, std::size_t piece) {
    auto file = FilePieces::open(path, max_bytes, ReadableBy::anybody, piece);
    if (!file) throw InvalidInput({path, 1, 1, reason_for(file.error(), max_bytes)});
    return std::move(*file);
  }

  /// A CR that ends a piece may be half a line end.
  void hand_over(std::string& text) {
    if (kind_ == TextKind::csv) {
      text += held_;
      held_.clear();
      return;
    }
    const bool holds_back = !at_end_ && held_.ends_with('\r');
    const auto whole = std::string_view(held_).substr(0, held_.size() - (holds_back ? 1 : 0));
    append_with_unified_line_ends(text, whole);
    held_.erase(0, whole.size());
  }

  std::string path_;
  std::size_t max_bytes_;
  TextKind kind_;
  FilePieces file_;
  Sha256 sha256_;
  std::string held_;
  bool past_mark_ = false;
  bool at_end_ = false;
};

SourceText::SourceText(std::string file, std::string text)
    : file_(std::move(file)), unread_(std::move(text)) {}

SourceText::SourceText(std::string file, std::size_t max_bytes, TextKind kind, Window window)
    : file_(std::move(file)), max_bytes_(max_bytes), kind_(kind), window_(window) {}

SourceText::SourceText(SourceText&&) noexcept = default;
SourceText::~SourceText() = default;

SourceText SourceText::open(const std::filesystem::path& path, std::size_t max_bytes, TextKind kind,
                            Window window) {
  SourceText source(path.string(), max_bytes, kind, window);
  // Line ends as they are, in both kinds: the places are the same.
  Pieces pieces(source.file_, max_bytes, TextKind::csv, window.piece);
  FirstLook look(kind);
  std::string start;
  for (std::string piece; pieces.next(piece); piece.clear()) {
    if (start.size() < 2) start += piece.substr(0, 2);
    look.take(piece);
  }
  if (is_utf16(start)) throw InvalidInput(source.problem({}, "the file is UTF-16; save it as UTF-8"));
  source.digest_ = pieces.digest();
  if (const auto finding = look.finish()) {
    LineCount count;
    source.kind_ = TextKind::csv;
    source.reread(0, finding->offset, [&](std::string_view piece) { count.add(piece); });
    throw InvalidInput(source.problem(count.place(), finding->message));
  }
  source.pieces_ = std::make_unique<Pieces>(source.file_, max_bytes, kind, window.piece);
  return source;
}

std::string_view SourceText::from(std::size_t offset) const {
  if (offset >= base_) return std::string_view(text_).substr(std::min(offset - base_, text_.size()));
  again_.clear();
  reread(offset, base_ + text_.size(), [&](std::string_view piece) { again_ += piece; });
  return again_;
}

bool SourceText::read_on() {
  if (!unread_.empty()) {
    text_ = std::exchange(unread_, {});
    return true;
  }
  if (!pieces_) return false;
  const auto behind = std::max(window_.behind, k_least_behind);
  if (text_.size() > 2 * behind) {
    const auto old = text_.size() - behind;
    text_.erase(0, old);
    base_ += old;
  }
  const auto before = text_.size();
  while (pieces_->next(text_)) {
    if (text_.size() > before) return true;
  }
  const auto digest = pieces_->digest();
  pieces_.reset();
  if (digest != digest_) throw InvalidInput({file_, 1, 1, "the file was changed while it was being read"});
  return false;
}

/// From the file, since the window has passed it.
void SourceText::reread(std::size_t from, std::size_t to, const Sink& take) const {
  Pieces pieces(file_, max_bytes_, kind_, window_.piece);
  std::size_t at = 0;
  for (std::string piece; at < to && pieces.next(piece); piece.clear()) {
    const auto end = at + piece.size();
    const auto first = std::max(from, at);
    if (first < std::min(to, end))
      take(std::string_view(piece).substr(first - at, std::min(to, end) - first));
    at = end;
  }
}

Problem SourceText::problem(const Place& place, std::string message) const {
  std::size_t before = 0;
  if (place.line_start >= base_ && place.offset <= read_so_far()) {
    before = characters_in(from(place.line_start).substr(0, place.offset - place.line_start));
  } else {
    reread(place.line_start, place.offset, [&](std::string_view piece) { before += characters_in(piece); });
  }
  return {file_, place.line, 1 + before, std::move(message)};
}

Place SourceText::place_after(const Place& known, std::size_t offset) const {
  const auto between = from(known.offset).substr(0, offset - known.offset);
  const auto last = between.rfind('\n');
  return {known.line + static_cast<std::size_t>(std::count(between.begin(), between.end(), '\n')),
          last == std::string_view::npos ? known.line_start : known.offset + last + 1, offset};
}

std::size_t line_end_length(std::string_view text, std::size_t at) {
  if (at >= text.size()) return 0;
  if (text[at] == '\n') return 1;
  if (text[at] != '\r') return 0;
  return at + 1 < text.size() && text[at + 1] == '\n' ? 2 : 1;
}

std::size_t find_control_character(std::string_view text, std::string_view allowed) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const bool c0 = byte < 0x20 || byte == 0x7F;
    // U+0080 to U+009F move the cursor on some terminals just as the others do.
    const bool c1 = byte == 0xC2 && at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xA0;
    if ((c0 && allowed.find(text[at]) == std::string_view::npos) || c1) return at;
  }
  return std::string_view::npos;
}

std::string control_character_name(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  const unsigned code = byte == 0xC2 ? static_cast<unsigned char>(text[at + 1]) : byte;
  return fmt::format("U+{:04X}", code);
}

}  // namespace offboard
