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
  while (!at_end() && rest_.front() == k_separator) {
    step(1);
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
  const bool quoted = !at_end() && rest_.front() == k_quote;
  field.quoting = quoted ? Quoting::quoted : Quoting::plain;
  if (quoted) {
    read_quoted(row, field);
  } else {
    read_plain(row, field);
  }
}

void CsvReader::read_plain(CsvRow& row, CsvField& field) {
  do {
    append_within_limit(row, field, take_plain(Quoting::plain));
  } while (rest_.empty() && !at_end());
  if (at_end() || rest_.front() != k_quote) return;
  complain(row, here(), "a quote inside a field that does not begin with one");
  skip_rest_of_line();
}

void CsvReader::read_quoted(CsvRow& row, CsvField& field) {
  step(1);
  while (true) {
    if (at_end()) {
      row.trouble = CsvTrouble{field.place, "this quote is never closed"};
      return;
    }
    append_within_limit(row, field, take_plain(Quoting::quoted));
    if (rest_.empty()) continue;
    if (at_line_end()) {
      append_within_limit(row, field, rest_.substr(0, line_end()));
      step_over_line_end();
      continue;
    }
    step(1);
    if (at_end() || rest_.front() != k_quote) break;
    append_within_limit(row, field, "\"");
    step(1);
  }
  if (at_end() || at_line_end() || rest_.front() == k_separator) return;
  complain(row, here(),
           fmt::format("text after the closing quote of the field that begins on line {}", field.place.line));
  skip_rest_of_line();
}

void CsvReader::step_over_line_end() {
  step(line_end());
  ++line_;
  line_start_ = at_;
}

void CsvReader::skip_rest_of_line() {
  while (!at_end() && !at_line_end()) step(std::min(rest_.find_first_of("\r\n"), rest_.size()));
}

bool CsvReader::has(std::size_t characters) {
  while (rest_.size() < characters) {
    if (!source_.read_on()) return false;
    rest_ = source_.from(at_);
  }
  return true;
}

std::size_t CsvReader::line_end() {
  if (at_end()) return 0;
  // The LF after a CR may be in the next piece.
  if (rest_.front() == '\r') static_cast<void>(has(2));
  return line_end_length(rest_, 0);
}

void CsvReader::step(std::size_t characters) {
  rest_.remove_prefix(characters);
  at_ += characters;
}

std::string_view CsvReader::take_plain(Quoting quoting) {
  const auto ends = [&](char c) {
    return c == k_quote || c == '\r' || c == '\n' || (c == k_separator && quoting == Quoting::plain);
  };
  const auto* end = std::find_if(rest_.begin(), rest_.end(), ends);
  const auto piece = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
  step(piece.size());
  return piece;
}

}  // namespace offboard
