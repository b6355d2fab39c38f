#include "intake/source_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/file.hpp"
#include "base/text.hpp"

namespace offboard {
namespace {

constexpr std::string_view k_byte_order_mark = "\xEF\xBB\xBF";

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

void check_encoding(const SourceText& source) {
  const auto text = source.text();
  if (is_utf16(text)) {
    throw InvalidInput(source.problem({}, "the file is UTF-16; save it as UTF-8"));
  }
  if (const auto broken = first_invalid_utf8(text)) {
    throw InvalidInput(source.problem(source.place_of(*broken),
                                      fmt::format("this is not UTF-8: byte 0x{:02X}; save the file as UTF-8",
                                                  static_cast<unsigned char>(text[*broken]))));
  }
  if (const auto nul = text.find('\0'); nul != std::string_view::npos) {
    throw InvalidInput(source.problem(source.place_of(nul), "a NUL byte; this is not a text file"));
  }
}

/// In place: the file may be large.
void unify_line_ends(std::string& text) {
  std::size_t to = 0;
  for (std::size_t from = 0; from < text.size();) {
    const auto length = line_end_length(text, from);
    text[to++] = length > 0 ? '\n' : text[from];
    from += std::max<std::size_t>(1, length);
  }
  text.resize(to);
}

}  // namespace

SourceText SourceText::read(const std::filesystem::path& path, std::size_t max_bytes, LineEnds line_ends) {
  auto content = read_file(path, max_bytes);
  if (!content) {
    throw InvalidInput({path.string(), 1, 1, reason_for(content.error(), max_bytes)});
  }
  if (content->starts_with(k_byte_order_mark)) content->erase(0, k_byte_order_mark.size());
  SourceText source(path.string(), *std::move(content));
  check_encoding(source);
  if (line_ends == LineEnds::unified) unify_line_ends(source.text_);
  return source;
}

Problem SourceText::problem(const Place& place, std::string message) const {
  const auto before = text().substr(place.line_start, place.offset - place.line_start);
  return {file_, place.line, 1 + count_characters(before), std::move(message)};
}

Place SourceText::place_of(std::size_t offset) const {
  Place place;
  for (std::size_t at = 0; at < offset;) {
    const auto length = line_end_length(text_, at);
    at += std::max<std::size_t>(1, length);
    if (length > 0 && at <= offset) {
      ++place.line;
      place.line_start = at;
    }
  }
  place.offset = offset;
  return place;
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
