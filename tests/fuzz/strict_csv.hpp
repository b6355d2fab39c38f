#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace offboard::fuzz {

using CsvRecords = std::vector<std::vector<std::string>>;

/// RFC 4180 read a second time, without a line of the program's own reader: character by character, nothing
/// forgiven. Lines end with CRLF, LF or CR; an empty line is a record of one empty field. Nothing for a text
/// that breaks the rules.
inline std::optional<CsvRecords> strict_csv(std::string_view text) {
  enum class At { start, plain, quoted, closed } state = At::start;
  CsvRecords records;
  std::vector<std::string> record;
  std::string field;
  const auto end_field = [&] {
    record.push_back(std::move(field));
    field.clear();
    state = At::start;
  };
  const auto end_record = [&] {
    end_field();
    records.push_back(std::move(record));
    record.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (state == At::quoted) {
      if (c == '"') {
        state = At::closed;
      } else {
        field += c;
      }
    } else if (c == ',') {
      end_field();
    } else if (c == '\r' || c == '\n') {
      if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
      end_record();
    } else if (c == '"' && state == At::start) {
      state = At::quoted;
    } else if (c == '"' && state == At::closed) {
      field += c;
      state = At::quoted;
    } else if (c == '"' || state == At::closed) {
      return std::nullopt;
    } else {
      field += c;
      state = At::plain;
    }
  }
  if (state == At::quoted) return std::nullopt;
  if (state != At::start || !record.empty()) end_record();
  return records;
}

}  // namespace offboard::fuzz
