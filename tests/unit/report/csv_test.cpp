#include <catch2/catch.hpp>

#include "listed_rows.hpp"

namespace offboard::test {
namespace {

/// The note's cell, as it stands in the file.
std::string cell_for(const std::string& note) {
  ListedRows rows;
  rows.tenants = {tenant_noted(note)};
  const auto text = written(View::tenants, Format::csv, rows);
  const std::string before = "\r\nt,,,,,,,,0,,,,,,";
  const auto start = text.find(before) + before.size();
  return text.substr(start, text.size() - start - 2);
}

}  // namespace

TEST_CASE("the header of each CSV view is the contract's") {
  const ListedRows none;
  CHECK(written(View::tenants, Format::csv, none) ==
        "tenant_id,company_name,domain,state,blockers,detail,checked_at,patched_at,attempts,http_status,"
        "error_code,request_id,correlation_id,run_id,note\r\n");
  CHECK(written(View::blockers, Format::csv, none) ==
        "tenant_id,company_name,domain,code,object_id,object_name,object_status,what_to_do,since\r\n");
  CHECK(written(View::history, Format::csv, none) ==
        "seq,at,run_id,tenant_id,from_state,to_state,reason,http_status,error_code,request_id,"
        "correlation_id,hash\r\n");
  CHECK(written(View::runs, Format::csv, none) ==
        "run_id,command,started_at,ended_at,outcome,exit_code,tenants,patched,blocked,failed,requests,"
        "throttled,version,user,host\r\n");
}

TEST_CASE("a CSV row has its cells in the header's order, and ends with CRLF") {
  ListedRows rows;
  rows.tenants = {patched_tenant()};
  const auto text = written(View::tenants, Format::csv, rows);
  CHECK(text.substr(text.find("\r\n") + 2) ==
        "11111111-1111-1111-1111-111111111111,\"Fabrikam, Inc.\",fabrikam.onmicrosoft.com,patched,,,"
        "2026-11-23T01:38:07.123Z,2026-11-23T01:38:09.456Z,1,200,,22222222-2222-2222-2222-222222222222,"
        "33333333-3333-3333-3333-333333333333,run-1,CHG-42\r\n");
}

TEST_CASE("every member of every row stands in the column of its name") {
  ListedRows rows;
  rows.tenants = {{"1", "2", "3", "4", "5", "6", "7", "8", 9, 10, "11", "12", "13", "14", "15"}};
  rows.blockers = {{"1", "2", "3", "4", "5", "6", "7", "8", "9"}};
  rows.history = {{1, "2", "3", "4", "5", "6", "7", 8, "9", "10", "11", "12"}};
  rows.runs = {{"1", "2", "3", "4", "5", 6, 7, 8, 9, 10, 11, 12, "13", "14", "15", "in no column"}};
  const auto ends_with = [&](View view, const std::string& line) {
    return written(view, Format::csv, rows).ends_with("\r\n" + line + "\r\n");
  };
  CHECK(ends_with(View::tenants, "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15"));
  CHECK(ends_with(View::blockers, "1,2,3,4,5,6,7,8,9"));
  CHECK(ends_with(View::history, "1,2,3,4,5,6,7,8,9,10,11,12"));
  CHECK(ends_with(View::runs, "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15"));
}

TEST_CASE("an ordinary cell is written as it is") {
  for (const std::string text :
       {"", "plain", "a;b", "it's", "Zoë 株式会社 🦆", "a=b", "1-2", "a b", "'x"})
    CHECK(cell_for(text) == text);
}

TEST_CASE("a cell is quoted when a reader would otherwise lose part of it") {
  CHECK(cell_for("a,b") == "\"a,b\"");
  CHECK(cell_for("say \"hi\"") == "\"say \"\"hi\"\"\"");
  CHECK(cell_for("\"") == "\"\"\"\"");
  CHECK(cell_for("a\nb") == "\"a\nb\"");
  CHECK(cell_for("a\rb") == "\"a\rb\"");
  CHECK(cell_for("a\r\nb") == "\"a\r\nb\"");
  CHECK(cell_for(" a") == "\" a\"");
  CHECK(cell_for("a ") == "\"a \"");
  CHECK(cell_for(" ") == "\" \"");
}

TEST_CASE("a cell that a spreadsheet would run gets a leading apostrophe") {
  CHECK(cell_for("=1+1") == "'=1+1");
  CHECK(cell_for("+1") == "'+1");
  CHECK(cell_for("-1") == "'-1");
  CHECK(cell_for("@SUM(A1)") == "'@SUM(A1)");
  CHECK(cell_for("\t=1") == "'\t=1");
  CHECK(cell_for("\rx") == "\"'\rx\"");
  CHECK(cell_for("=cmd|' /C calc'!A0") == "'=cmd|' /C calc'!A0");
  CHECK(cell_for("=HYPERLINK(\"http://x\",\"y\")") == "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"");
}

TEST_CASE("a formula is found behind spaces and in its full-width form") {
  CHECK(cell_for("  =1") == "'  =1");
  CHECK(cell_for("\n=1") == "\"'\n=1\"");
  CHECK(cell_for("\u00A0=1") == "'\u00A0=1");
  CHECK(cell_for("\u3000\uFEFF=1") == "'\u3000\uFEFF=1");
  for (const std::string start : {"＝", "＋", "－", "＠"}) {
    CHECK(cell_for(start + "1") == "'" + start + "1");
    CHECK(cell_for(" " + start + "1") == "' " + start + "1");
  }
}

TEST_CASE("a number is never touched, below zero either") {
  ListedRows rows;
  RunRow row;
  row.run_id = "r";
  row.exit_code = -1;
  row.requests = -9'223'372'036'854'775'807;
  rows.runs = {row};
  CHECK(
      written(View::runs, Format::csv, rows).ends_with("\r\nr,,,,,-1,0,0,0,0,-9223372036854775807,0,,,\r\n"));
}

TEST_CASE("a NUL or a broken byte becomes a replacement character and the rest of the cell stays") {
  CHECK(cell_for(std::string("a\0b", 3)) == "a\uFFFDb");
  CHECK(cell_for("a\xFF") == "a\uFFFD");
  CHECK(cell_for("\xE2\x82=1") == "\uFFFD\uFFFD=1");
  CHECK(cell_for(std::string("\xC3\0\xC3\xA9", 4)) == "\uFFFD\uFFFDé");
}

}  // namespace offboard::test
