#include "intake/problem.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace offboard {
namespace {

Problem problem(std::size_t line) {
  return {"list.csv", line, 3, "is wrong"};
}

std::vector<Problem> problems(std::size_t count) {
  std::vector<Problem> result;
  for (std::size_t line = 1; line <= count; ++line) result.push_back(problem(line));
  return result;
}

TEST_CASE("a problem reads FILE:LINE:COLUMN: what is wrong") {
  CHECK(text_of(problem(7)) == "list.csv:7:3: is wrong");
  CHECK(std::string(InvalidInput(problem(7)).what()) == "list.csv:7:3: is wrong");
}

TEST_CASE("several problems are a line each") {
  const InvalidInput invalid(problems(2), 0);
  CHECK(std::string(invalid.what()) == "list.csv:1:3: is wrong\nlist.csv:2:3: is wrong");
  CHECK(invalid.total() == 2);
}

TEST_CASE("fifty problems are shown and the others counted") {
  CHECK(std::string(InvalidInput(problems(50), 0).what()).find("…") == std::string::npos);
  const std::string one_more = InvalidInput(problems(50), 1).what();
  CHECK(one_more.substr(one_more.rfind('\n')) == "\n… and 1 more problem");
  const InvalidInput invalid(problems(60), 1000);
  const std::string text = invalid.what();
  CHECK(text.find("list.csv:50:3") != std::string::npos);
  CHECK(text.find("list.csv:51:3") == std::string::npos);
  CHECK(text.substr(text.rfind('\n')) == "\n… and 1010 more problems");
  CHECK(invalid.total() == 1060);
}

TEST_CASE("fifty notices are kept and the others counted") {
  Notices notices;
  for (std::size_t line = 1; line <= 53; ++line) notices.add(problem(line));
  REQUIRE(notices.lines().size() == 51);
  CHECK(notices.lines()[49] == "list.csv:50:3: is wrong");
  CHECK(notices.lines()[50] == "… and 3 more warnings");
}

}  // namespace
}  // namespace offboard
