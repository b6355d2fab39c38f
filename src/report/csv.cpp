#include "report/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace offboard::table {
namespace {

/// Spreadsheets look for a formula behind these: space, line feed, no-break space, ideographic space, byte
/// order mark.
constexpr std::array<std::string_view, 5> k_skipped = {" ", "\n", "\xC2\xA0", "\xE3\x80\x80", "\xEF\xBB\xBF"};

/// What makes a formula. Tab and CR are dropped by some spreadsheets, which then see what follows; the
/// full-width forms of = + - @ are taken for the plain ones in East Asian locales.
constexpr std::array<std::string_view, 10> k_formula_starts = {
    "=", "+", "-", "@", "\t", "\r", "\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"};

/// The length of the first of `starts` that the text begins with, or 0.
template <std::size_t Count>
std::size_t leading(std::string_view text, const std::array<std::string_view, Count>& starts) {
  const auto found =
      std::find_if(starts.begin(), starts.end(), [&](auto start) { return text.starts_with(start); });
  return found == starts.end() ? 0 : found->size();
}

constexpr bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_formula(std::string_view text) {
  // Most cells of most reports are decided here.
  if (!text.empty() && is_letter_or_digit(text.front())) return false;
  while (const auto length = leading(text, k_skipped)) text.remove_prefix(length);
  return leading(text, k_formula_starts) != 0;
}

bool needs_quotes(std::string_view text) {
  const auto asks_for_them = [](char c) { return c == ',' || c == '"' || c == '\r' || c == '\n'; };
  return text.ends_with(' ') || std::any_of(text.begin(), text.end(), asks_for_them);
}

void append_quoted(std::string& line, std::string_view text, std::string_view before) {
  line += '"';
  line += before;
  for (const char c : text) {
    if (c == '"') line += '"';
    line += c;
  }
  line += '"';
}

void append(std::string& line, std::monostate /*nothing*/) {
  static_cast<void>(line);
}

void append(std::string& line, std::int64_t number) {
  fmt::format_to(std::back_inserter(line), "{}", number);
}

void append(std::string& line, std::string_view text) {
  const bool formula = is_formula(text);
  // An apostrophe before it keeps a leading space as well as quotes do.
  if (needs_quotes(text) || (!formula && text.starts_with(' '))) {
    append_quoted(line, text, formula ? "'" : "");
  } else {
    if (formula) line += '\'';
    line += text;
  }
}

class CsvWriter final : public Writer {
 public:
  explicit CsvWriter(const Sink& sink) : sink_(sink) {}

  void begin(std::span<const Head> heads) override {
    std::string line;
    for (const auto& head : heads) {
      if (!line.empty()) line += ',';
      line += head.name;
    }
    sink_(line + "\r\n");
  }

  void row(std::span<const Cell> cells) override {
    line_.clear();
    for (const auto& cell : cells) {
      if (&cell != &cells.front()) line_ += ',';
      std::visit([&](const auto& value) { append(line_, value); }, cell.value);
    }
    line_ += "\r\n";
    sink_(line_);
  }

  void end() override {}

 private:
  const Sink& sink_;
  std::string line_;
};

}  // namespace

std::unique_ptr<Writer> csv_writer(const Sink& sink) {
  return std::make_unique<CsvWriter>(sink);
}

}  // namespace offboard::table
