#include <catch2/catch.hpp>

#include "base/defect.hpp"
#include "client.hpp"

using namespace offboard;
using namespace offboard::simulator;

namespace {

const std::string k_world = R"(
sign_in: {refresh_token: first, strict_rotation: true}
customers:
  - {id: a0000001-0000-4000-8000-000000000001}
  - {id: a0000002-0000-4000-8000-000000000002}
)";

/// What a service wrote down, as its file would hold it.
std::string remembered_by(Client& client) {
  std::string lines;
  client.service.on_effect([&](std::string_view line) { lines += std::string(line) + "\n"; });
  const Reply signed_in = client.sign_in(client.service.sign_in().current_refresh_token());
  client.access_token = body_of(signed_in).at("access_token").get<std::string>();
  const Reply removed = client.patch(k_first, "id-1");
  CHECK(removed.status == 200);
  client.service.on_effect(nullptr);
  return lines;
}

}  // namespace

TEST_CASE("a second start remembers removals, request ids and tokens") {
  Client before(k_world);
  const std::string lines = remembered_by(before);
  PartnerCenter after(parse_world(k_world, "world.yaml"));
  after.restore(lines);
  CHECK(after.is_removed(k_first));
  CHECK_FALSE(after.is_removed(k_second));
  CHECK(after.sign_in().current_refresh_token() == before.service.sign_in().current_refresh_token());
  const Headers headers{{"Authorization", "Bearer " + before.access_token},
                        {"Content-Type", "application/json"},
                        {"MS-RequestId", "id-1"}};
  const Reply again =
      after.answer({"PATCH", std::string("/v1/customers/") + k_first, headers, k_removal}, before.now);
  CHECK(again.status == 200);
  CHECK(after.log().back().has(Effect::replay));
}

TEST_CASE("a last line that was cut off is passed over, and any other broken one is not") {
  Client before(k_world);
  const std::string lines = remembered_by(before);
  PartnerCenter cut(parse_world(k_world, "world.yaml"));
  cut.restore(lines + R"({"customer":"a00000)");
  CHECK(cut.is_removed(k_first));
  PartnerCenter broken(parse_world(k_world, "world.yaml"));
  CHECK_THROWS_AS(broken.restore("{\"customer\":\n" + lines), MachineTrouble);
}

TEST_CASE("the log is numbered without gaps and goes to its sink line by line") {
  Client client(k_world);
  std::vector<std::string> lines;
  client.service.on_log([&](const LogEntry& entry) { lines.push_back(json_line(entry)); });
  CHECK(client.customer(k_first).status == 200);
  CHECK(client.patch(k_first, "id-1").status == 200);
  REQUIRE(lines.size() == 2);
  const auto read = nlohmann::json::parse(lines[0]);
  CHECK(read.at("seq") == 2);
  CHECK(read.at("kind") == "customer");
  CHECK(read.at("at") == "2026-11-23T01:00:00.000Z");
  const auto removal = nlohmann::json::parse(lines[1]);
  CHECK(removal.at("seq") == 3);
  CHECK(removal.at("effects") == nlohmann::json::array({"removed"}));
  CHECK(removal.at("request_id") == "id-1");
  CHECK(removal.at("removed_while_blocked") == false);
  CHECK(lines[0].find(client.access_token) == std::string::npos);
}

TEST_CASE("a log that is not kept is still handed on") {
  PartnerCenter service(parse_world(k_world, "world.yaml"), LogMemory::drop);
  int seen = 0;
  service.on_log([&](const LogEntry&) { ++seen; });
  CHECK(service.answer({"GET", "/", {}, ""}, UtcTime{}).status == 401);
  CHECK(seen == 1);
  CHECK(service.log().empty());
}
