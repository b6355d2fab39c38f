#include <base/random.hpp>
#include <catch2/catch.hpp>
#include <set>

namespace offboard {
namespace {

using namespace std::chrono_literals;

}  // namespace

TEST_CASE("the same seed gives the same GUIDs and waits again") {
  Random one(7);
  Random other(7);
  for (int i = 0; i < 20; ++i) {
    CHECK(one.guid() == other.guid());
    CHECK(one.up_to(1min) == other.up_to(1min));
  }
}

TEST_CASE("another seed gives other GUIDs, and so does every new source without a seed") {
  CHECK(Random(7).guid() != Random(8).guid());
  CHECK(Random().guid() != Random().guid());
}

TEST_CASE("a random GUID is one of version 4 and its variant") {
  Random random(1);
  for (int i = 0; i < 1000; ++i) {
    const auto text = random.guid().text();
    INFO(text);
    REQUIRE(Guid::parse(text));
    CHECK(text[14] == '4');
    CHECK(std::string("89ab").find(text[19]) != std::string::npos);
  }
}

TEST_CASE("GUIDs do not repeat") {
  Random random(2);
  std::set<std::string> seen;
  for (int i = 0; i < 10'000; ++i) seen.insert(random.guid().text());
  CHECK(seen.size() == 10'000);
}

TEST_CASE("a random wait lies within its bounds, both of them reached") {
  Random random(3);
  std::set<std::chrono::milliseconds> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(random.up_to(9ms));
  CHECK(seen.size() == 10);
  CHECK(*seen.begin() == 0ms);
  CHECK(*seen.rbegin() == 9ms);
}

TEST_CASE("a random wait is spread evenly") {
  Random random(4);
  int below_half = 0;
  for (int i = 0; i < 10'000; ++i) below_half += random.up_to(999ms) < 500ms ? 1 : 0;
  CHECK(below_half > 4700);
  CHECK(below_half < 5300);
}

TEST_CASE("a random wait up to nothing is nothing") {
  Random random(5);
  CHECK(random.up_to(0ms) == 0ms);
  CHECK(random.up_to(-5s) == 0ms);
}

}  // namespace offboard
