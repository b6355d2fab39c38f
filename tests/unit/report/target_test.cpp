#include <catch2/catch.hpp>

#include "report/target.hpp"

namespace offboard::test {
namespace {

std::string expanded(std::string_view pattern) {
  return expand(pattern, *parse_iso("2026-11-23T23:59:59.999Z"), "r-17");
}

}  // namespace

TEST_CASE("{date} is the day the run started and {run} its id, as often as they stand there") {
  CHECK(expanded("../var/nightly-{date}.csv") == "../var/nightly-2026-11-23.csv");
  CHECK(expanded("{run}/{date}/{run}{date}") == "r-17/2026-11-23/r-172026-11-23");
}

TEST_CASE("everything else in a report's file name stays") {
  for (const std::string name : {"", "plain.csv", "{day}.csv", "{", "{{}", "{date", "{ run }"})
    CHECK(expanded(name) == name);
  CHECK(expanded("{{date}}") == "{2026-11-23}");
}

TEST_CASE("a run id is not expanded again") {
  CHECK(expand("{run}", *parse_iso("2026-11-23T00:00:00.000Z"), "{date}") == "{date}");
}

}  // namespace offboard::test
