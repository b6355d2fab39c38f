#include "simulator/world.hpp"

#include <catch2/catch.hpp>

using namespace offboard;
using namespace offboard::simulator;

namespace {

std::string complaint_about(const std::string& text) {
  try {
    static_cast<void>(parse_world(text, "world.yaml"));
  } catch (const WorldTrouble& trouble) {
    return trouble.what();
  }
  return "";
}

}  // namespace

TEST_CASE("the sample world is sound") {
  const World world = load_world(std::string(OFFBOARD_SOURCE_DIR) + "/samples/world.yaml");
  CHECK(world.customers.size() == 17);
  CHECK(world.sign_in.refresh_token == "demo-refresh-token");
}

TEST_CASE("complaints name file, line and column") {
  CHECK(complaint_about("seed: 1\nsped: 2\n") == "world.yaml:2:1: the world has no key sped");
  CHECK(complaint_about("seed: fast\n") == "world.yaml:1:7: the world: seed must be a whole number");
  CHECK(complaint_about("customers:\n  - {id: a, relation: none}\n") ==
        "world.yaml:2:13: a customer has no key relation");
}

TEST_CASE("what cannot be meant is refused") {
  for (const char* text :
       {"[]", "seed: 1\nseed: 2\n", "customers: 5", "customers: [{}]", "customers: [{id: a}, {id: A}]",
        "bom: maybe", "throttles: [{limit: 0}]", "throttles: [{model: leaky}]",
        "throttles: [{per_seconds: 0}]", "faults: [{}]", "faults: [{fault: odd}]",
        "faults: [{fault: status, nth: [0]}]", "faults: [{fault: status, match: {kind: odd}}]",
        "sign_in: {password: x}", "seed: [", "seed: {a: 1}",
        "customers: [{id: a, subscriptions: [{status: [x]}]}]"}) {
    INFO(text);
    CHECK(complaint_about(text).rfind("world.yaml:", 0) == 0);
  }
}

TEST_CASE("JSON is read too, and subscription ids are made up the same way every time") {
  const std::string text = R"({"customers": [{"id": "A", "subscriptions": [{"status": "active"}, {}]}]})";
  const World once = parse_world(text, "world.json");
  const World again = parse_world(text, "world.json");
  REQUIRE(once.customers.front().subscriptions.size() == 2);
  CHECK(once.customers.front().id == "a");
  const auto& ids = once.customers.front().subscriptions;
  CHECK(ids[0].id.size() == 36);
  CHECK(ids[0].id != ids[1].id);
  CHECK(ids[0].id == again.customers.front().subscriptions[0].id);
}

TEST_CASE("a file that cannot be read is a trouble of its own") {
  CHECK_THROWS_AS(load_world("/nonexistent/world.yaml"), WorldTrouble);
}
