#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <model/blocker.hpp>
#include <model/state.hpp>
#include <set>
#include <string>

namespace offboard {
namespace {

std::string schema() {
  std::ifstream in(OFFBOARD_SOURCE_DIR "/schema/001_ledger.sql");
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The words that the schema admits in a column: what stands in quotes within its CHECK.
std::multiset<std::string> admitted(const std::string& column) {
  const auto text = schema();
  const std::string start = "check (" + column + " in (";
  const auto from = text.find(start);
  REQUIRE(from != std::string::npos);
  const auto list =
      text.substr(from + start.size(), text.find(')', from + start.size()) - from - start.size());
  std::multiset<std::string> words;
  for (auto open = list.find('\''); open != std::string::npos;) {
    const auto close = list.find('\'', open + 1);
    words.insert(list.substr(open + 1, close - open - 1));
    open = list.find('\'', close + 1);
  }
  return words;
}

template <typename All>
std::multiset<std::string> names_of(const All& all) {
  std::multiset<std::string> names;
  for (const auto value : all) names.insert(std::string(name_of(value)));
  return names;
}

}  // namespace

TEST_CASE("the schema admits exactly the states of the code") {
  CHECK(admitted("state") == names_of(k_all_states));
}

TEST_CASE("the schema admits exactly the blocker codes of the code") {
  CHECK(admitted("code") == names_of(k_all_blocker_codes));
}

}  // namespace offboard
