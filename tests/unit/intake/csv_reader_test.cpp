#include "intake/csv_reader.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "intake/limits.hpp"

namespace offboard {
namespace {

using Fields = std::vector<std::string>;

struct ReadRow {
  std::size_t line;
  Fields fields;
  std::string trouble;

  friend bool operator==(const ReadRow&, const ReadRow&) = default;
  friend std::ostream& operator<<(std::ostream& out, const ReadRow& row) {
    out << row.line << ":";
    for (const auto& field : row.fields) out << "[" << field << "]";
    return out << row.trouble;
  }
};
using Rows = std::vector<ReadRow>;

Rows rows_of(std::string_view text) {
  SourceText source("t", std::string(text));
  CsvReader reader(source);
  Rows rows;
  CsvRow row;
  while (reader.next(row)) {
    ReadRow result{row.place.line, {}, {}};
    if (row.trouble) {
      result.trouble = text_of(source.problem(row.trouble->place, row.trouble->message));
    } else {
      for (const auto& field : row.fields) result.fields.push_back(field.text);
    }
    rows.push_back(result);
  }
  return rows;
}

TEST_CASE("CRLF, LF and CR each end a row, and the last row needs none") {
  const Rows expected = {{1, {"a", "b"}, ""}, {2, {"c", "d"}, ""}};
  CHECK(rows_of("a,b\r\nc,d\r\n") == expected);
  CHECK(rows_of("a,b\nc,d") == expected);
  CHECK(rows_of("a,b\rc,d\r") == expected);
}

TEST_CASE("quotes hold commas, quotes and line ends, and lines are counted through them") {
  const Rows expected = {{1, {"a,b", "say \"x\"", "one\r\ntwo\nthree\rfour"}, ""}, {5, {"next"}, ""}};
  CHECK(rows_of("\"a,b\",\"say \"\"x\"\"\",\"one\r\ntwo\nthree\rfour\"\nnext\n") == expected);
}

TEST_CASE("empty fields are fields") {
  CHECK(rows_of(",\n\"\"\na,\n") == Rows{{1, {"", ""}, ""}, {2, {""}, ""}, {3, {"a", ""}, ""}});
}

TEST_CASE("blank lines are skipped, also those of spaces") {
  CHECK(rows_of("\n\r\n  \t\na\n\n\nb\n \n") == Rows{{4, {"a"}, ""}, {7, {"b"}, ""}});
}

TEST_CASE("spaces belong to a field") {
  CHECK(rows_of(" a , b\n") == Rows{{1, {" a ", " b"}, ""}});
}

TEST_CASE("text after a closing quote is reported where it stands, and the next row is read") {
  CHECK(rows_of("é,\"x\"y,\"z\nnext\n") ==
        Rows{{1, {}, "t:1:6: text after the closing quote of the field that begins on line 1"},
             {2, {"next"}, ""}});
}

TEST_CASE("a quote inside a plain field is reported where it stands") {
  CHECK(rows_of("ab\"c\nü \"x\"\nnext\n") ==
        Rows{{1, {}, "t:1:3: a quote inside a field that does not begin with one"},
             {2, {}, "t:2:3: a quote inside a field that does not begin with one"},
             {3, {"next"}, ""}});
}

TEST_CASE("a quote that is never closed is reported where it was opened") {
  CHECK(rows_of("a\né,\"b\nc\nd") == Rows{{1, {"a"}, ""}, {2, {}, "t:2:3: this quote is never closed"}});
  CHECK(rows_of("\"a\"\"") == Rows{{1, {}, "t:1:1: this quote is never closed"}});
}

TEST_CASE("a field above the limit is reported, and only there") {
  const std::string longest(limits::k_csv_field, 'x');
  CHECK(rows_of("a," + longest + "\n")[0].trouble.empty());
  CHECK(rows_of("a," + longest + "x\nb\n") ==
        Rows{{1, {}, "t:1:3: this field is longer than 64 KiB"}, {2, {"b"}, ""}});
  CHECK(rows_of("a,\"" + longest + "x\"\n")[0].trouble == "t:1:3: this field is longer than 64 KiB");
}

TEST_CASE("a row of too many fields is reported without keeping them") {
  const Rows rows = rows_of(std::string(1'000'000, ',') + "\nb\n");
  CHECK(rows == Rows{{1, {}, "t:1:1001: this row has more than 1000 fields"}, {2, {"b"}, ""}});
}

}  // namespace
}  // namespace offboard
