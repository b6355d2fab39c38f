#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "intake/source_text.hpp"

namespace offboard {

enum class Quoting { plain, quoted };

struct CsvField {
  std::string text;  // without the quotes; never longer than limits::k_csv_field
  Place place;       // of the first character, or of the opening quote
  Quoting quoting = Quoting::plain;
};

struct CsvTrouble {
  Place place;
  std::string message;
};

struct CsvRow {
  Place place;
  std::vector<CsvField> fields;
  std::optional<CsvTrouble> trouble;  // then the fields are not to be believed
};

/// RFC 4180, strictly: comma, double quotes doubled inside quotes, line ends inside quotes, CRLF, LF or CR.
/// A row that breaks the rules is returned with what is wrong with it, and reading goes on with the next
/// line; only a quote that is never closed takes the rest of the text with it. No package of the
/// distribution has quoted line ends, strictness and positions together.
class CsvReader {
 public:
  /// The source must outlive this, and is read to its end by nobody else.
  explicit CsvReader(SourceText& source) : source_(source) {}

  /// Reads the next row that is not blank into `row`, re-using its memory. False at the end.
  [[nodiscard]] bool next(CsvRow& row);

 private:
  void read_row(CsvRow& row);
  void read_field(CsvRow& row);
  void read_plain(CsvRow& row, CsvField& field);
  void read_quoted(CsvRow& row, CsvField& field);
  void step_over_line_end();
  void skip_rest_of_line();
  [[nodiscard]] CsvField& new_field(CsvRow& row);
  /// Whether so many more characters are there, reading on if need be.
  [[nodiscard]] bool has(std::size_t characters);
  [[nodiscard]] bool at_end() { return !has(1); }
  [[nodiscard]] bool at_line_end() { return line_end() > 0; }
  /// How many bytes the line end here takes; 0 if there is none.
  [[nodiscard]] std::size_t line_end();
  [[nodiscard]] Place here() const { return {line_, line_start_, at_}; }
  void step(std::size_t characters);
  /// Takes what stands before the next quote, line end or, if wanted, separator, as far as it has been read.
  [[nodiscard]] std::string_view take_plain(Quoting quoting);

  SourceText& source_;
  std::string_view rest_;  // what has been read and not been taken
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t line_start_ = 0;
  std::size_t fields_used_ = 0;
};

}  // namespace offboard
