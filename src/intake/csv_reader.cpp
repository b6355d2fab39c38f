#include "intake/csv_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "intake/limits.hpp"

namespace offboard {
namespace {

constexpr char k_quote = '"';
constexpr char k_separator = ',';

bool is_blank(const CsvRow& row) {
  return !row.trouble && row.fields.size() == 1 && row.fields[0].quoting == Quoting::plain &&
         trim(row.fields[0].text).empty();
}

void complain(CsvRow& row, const Place& place, std::string message) {
  if (!row.trouble) row.trouble = CsvTrouble{place, std::move(message)};
}

void append_within_limit(CsvRow& row, CsvField& field, std::string_view piece) {
  if (field.text.size() + piece.size() <= limits::k_csv_field) {
    field.text += piece;
  } else {
    complain(row, field.place, fmt::format("this field is longer than {} KiB", limits::k_csv_field / 1024));
  }
}

}  // namespace

bool CsvReader::next(CsvRow& row) {
  while (!at_end()) {
    read_row(row);
    if (!is_blank(row)) return true;
  }
  return false;
}

void CsvReader::read_row(CsvRow& row) {
  row.place = here();
  row.trouble.reset();
  fields_used_ = 0;
  read_field(row);
  while (!at_end() && text_[at_] == k_separator) {
    ++at_;
    read_field(row);
  }
  row.fields.resize(fields_used_);
  if (!at_end()) step_over_line_end();
}

CsvField& CsvReader::new_field(CsvRow& row) {
  // A row of commas alone must not take 60 times its own size in memory: beyond the limit one field is used
  // over and over.
  if (fields_used_ < limits::k_csv_columns) {
    ++fields_used_;
  } else {
    complain(row, here(), fmt::format("this row has more than {} fields", limits::k_csv_columns));
  }
  if (row.fields.size() < fields_used_) row.fields.emplace_back();
  auto& field = row.fields[fields_used_ - 1];
  field.text.clear();
  field.place = here();
  return field;
}

void CsvReader::read_field(CsvRow& row) {
  auto& field = new_field(row);
  const bool quoted = !at_end() && text_[at_] == k_quote;
  field.quoting = quoted ? Quoting::quoted : Quoting::plain;
  if (quoted) {
    read_quoted(row, field);
  } else {
    read_plain(row, field);
  }
}

void CsvReader::read_plain(CsvRow& row, CsvField& field) {
  const auto end = std::min(text_.find_first_of(",\"\r\n", at_), text_.size());
  append_within_limit(row, field, text_.substr(at_, end - at_));
  at_ = end;
  if (at_end() || text_[at_] != k_quote) return;
  complain(row, here(), "a quote inside a field that does not begin with one");
  skip_rest_of_line();
}

void CsvReader::read_quoted(CsvRow& row, CsvField& field) {
  ++at_;
  while (true) {
    const auto end = text_.find_first_of("\"\r\n", at_);
    if (end == std::string_view::npos) {
      row.trouble = CsvTrouble{field.place, "this quote is never closed"};
      at_ = text_.size();
      return;
    }
    append_within_limit(row, field, text_.substr(at_, end - at_));
    at_ = end;
    if (at_line_end()) {
      append_within_limit(row, field, text_.substr(at_, line_end_length(text_, at_)));
      step_over_line_end();
      continue;
    }
    ++at_;
    if (at_end() || text_[at_] != k_quote) break;
    append_within_limit(row, field, "\"");
    ++at_;
  }
  if (at_end() || at_line_end() || text_[at_] == k_separator) return;
  complain(row, here(),
           fmt::format("text after the closing quote of the field that begins on line {}", field.place.line));
  skip_rest_of_line();
}

void CsvReader::step_over_line_end() {
  at_ += line_end_length(text_, at_);
  ++line_;
  line_start_ = at_;
}

void CsvReader::skip_rest_of_line() {
  at_ = std::min(text_.find_first_of("\r\n", at_), text_.size());
}

}  // namespace offboard
