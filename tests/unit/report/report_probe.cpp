// report_probe FOLDER: writes a table that is hard to read, in each format, as FOLDER/hostile.csv, .json and
// .html; says on standard output, as JSON, which rows it meant: a list of lists of cells, the header first.
#include <cstdio>
#include <exception>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "listed_rows.hpp"

namespace offboard::test {
namespace {

std::vector<std::string> hostile_texts() {
  return {"plain",
          "a,b;c|d",
          ",",
          "say \"hi\"",
          "\"",
          "\"\"",
          "\",\"",
          "line\nfeed",
          "carriage\rreturn",
          "both\r\nends\r\n",
          "\n",
          "\r",
          "\r\n",
          " leading",
          "   three leading",
          "trailing ",
          " ",
          "\ttab",
          "in\tside",
          "=1+1",
          "+1",
          "-1",
          "@SUM(A1:A9)",
          "  =1+1",
          "\t=1+1",
          "\n=1+1",
          "=cmd|' /C calc'!A0",
          "=HYPERLINK(\"http://127.0.0.1/\",\"click, here\")",
          "＝1+1",
          "＋1",
          "－1",
          "＠SUM",
          "\u00A0=1",
          "\u3000=1",
          "\uFEFF=1",
          "'quoted",
          "''",
          "a=b-c+d@e",
          "Zoë Müller-Łukasiewicz",
          "株式会社アヒル",
          "شركة البط",
          "e\u0301 \u200B \u202E reversed",
          "🦆👩‍👩‍👧🏳️‍🌈",
          "<script>alert('1')</script>",
          "</td></table><b>&amp;&lt; \"x\" 'y'",
          "<!-- ]]> -->",
          "\\N \\\" \\",
          "NULL",
          "00042",
          "1e5",
          std::string(32'000, 'x'),
          std::string(16'000, '"'),
          "last"};
}

ListedRows hostile_rows() {
  ListedRows rows;
  for (const auto& text : hostile_texts()) {
    BlockerRow row;
    row.tenant_id = std::to_string(rows.blockers.size()) + " id";
    row.company_name = text;
    row.object_name = text;  // between two empty cells
    row.what_to_do = "before " + text;
    row.since = text;  // at the end of a line
    rows.blockers.push_back(row);
  }
  return rows;
}

nlohmann::json meant_by(const ListedRows& rows) {
  nlohmann::json meant = {{"tenant_id", "company_name", "domain", "code", "object_id", "object_name",
                           "object_status", "what_to_do", "since"}};
  for (const auto& row : rows.blockers)
    meant.push_back({row.tenant_id, row.company_name, row.domain, row.code, row.object_id, row.object_name,
                     row.object_status, row.what_to_do, row.since});
  return meant;
}

void write_files(const std::filesystem::path& folder) {
  const auto rows = hostile_rows();
  for (const auto format : k_all_formats) {
    const auto file = folder / ("hostile." + std::string(name_of(format)));
    replace_file(file, Readers::by_umask, [&](const Sink& sink) {
      write_report(View::blockers, format, rows, {"hostile <job>", "now & then"}, sink);
    });
  }
  std::cout << meant_by(rows).dump() << '\n';
}

}  // namespace
}  // namespace offboard::test

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "usage: report_probe FOLDER\n";
    return 2;
  }
  try {
    offboard::test::write_files(arguments[1]);
  } catch (const std::exception& trouble) {
    std::cerr << trouble.what() << '\n';
    return 1;
  }
  return 0;
}
