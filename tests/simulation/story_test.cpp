#include "story.hpp"

#include <catch2/catch.hpp>

namespace offboard::test {
namespace {

std::string requests_of(const Story& story) {
  std::string text;
  for (const auto& entry : story.log()) text += simulator::json_line(entry) + "\n";
  return text;
}

}  // namespace

TEST_CASE("a story's number says all about it: it can be played again to the last request") {
  for (const std::uint64_t number : {3U, 231U, 100093U, 100269U}) {
    Story first(number);
    Story second(number);
    CHECK(first.play().empty());
    CHECK(second.play().empty());
    CHECK((requests_of(first) == requests_of(second)));  // too long to be shown
  }
}

TEST_CASE("stories are eventful") {
  Tally tally;
  for (std::uint64_t number = 1; number <= 150; ++number) {
    Story story(number);
    CHECK(story.play().empty());
    tally.add(story.tally());
  }
  CHECK(tally.nights > 3 * tally.stories);
  CHECK(tally.removals > 2 * tally.stories);
  CHECK(tally.repeated_removals > tally.stories / 10);
  CHECK(tally.blocked > tally.stories);
  CHECK(tally.faults > tally.stories);
  CHECK(tally.list_pages > tally.stories);
  for (const auto count : {tally.stops, tally.kills, tally.power_cuts, tally.disk_failures, tally.purchases,
                           tally.clock_jumps, tally.changes})
    CHECK(count > 5);
}

}  // namespace offboard::test
