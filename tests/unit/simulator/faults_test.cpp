#include <algorithm>
#include <catch2/catch.hpp>

#include "client.hpp"

using namespace offboard;
using namespace offboard::simulator;

namespace {

std::string world_with(const std::string& rules) {
  return "faults:\n" + rules + R"(
customers:
  - {id: a0000001-0000-4000-8000-000000000001}
  - {id: a0000002-0000-4000-8000-000000000002}
)";
}

std::vector<int> statuses(Client& client, int times) {
  std::vector<int> result(static_cast<std::size_t>(times));
  for (int& status : result) status = client.customer(k_first).status;
  return result;
}

std::vector<int> chance_statuses() {
  Client client("seed: 7\n" + world_with("  - {match: {kind: customer}, probability: 0.3, fault: status}"));
  return statuses(client, 200);
}

}  // namespace

TEST_CASE("a fault falls on the first so many requests of each customer and kind") {
  Client client(world_with("  - {match: {kind: customer}, first: 2, fault: status, status: 503}"));
  CHECK(statuses(client, 3) == std::vector<int>{503, 503, 200});
  CHECK(client.customer(k_second).status == 503);
  CHECK(client.subscriptions(k_second).status == 200);
}

TEST_CASE("a fault falls on the requests it names") {
  Client client(world_with("  - {match: {kind: customer}, nth: [1, 3], fault: status, status: 500}"));
  CHECK(statuses(client, 4) == std::vector<int>{500, 200, 500, 200});
}

TEST_CASE("a fault counted overall is an outage of the service") {
  Client client(world_with("  - {first: 4, count: overall, fault: status, match: {path_contains: /v1/}}"));
  CHECK(statuses(client, 3) == std::vector<int>{503, 503, 503});
  CHECK(client.customer(k_second).status == 503);
  CHECK(client.customer(k_second).status == 200);
}

TEST_CASE("every rule counts every request it matches, and the first whose turn it is wins") {
  Client client(
      world_with("  - {match: {kind: customer}, nth: [1], fault: status, status: 500}\n"
                 "  - {match: {kind: customer}, nth: [1, 2], fault: status, status: 502}"));
  CHECK(statuses(client, 3) == std::vector<int>{500, 502, 200});
}

TEST_CASE("chance is the same in every run of one seed") {
  const auto once = chance_statuses();
  CHECK(once == chance_statuses());
  const auto failed = std::count(once.begin(), once.end(), 503);
  CHECK(failed > 30);
  CHECK(failed < 90);
}

TEST_CASE("an error has the shape that its keys ask for") {
  Client client(
      world_with("  - {match: {kind: customer}, nth: [1], fault: status, status: 409, code: 900278, "
                 "description: later}\n"
                 "  - {match: {kind: customer}, nth: [2], fault: status, status: 400, code: \"2000\"}\n"
                 "  - {match: {kind: customer}, nth: [3], fault: status, status: 503, is_retryable: true, "
                 "code: 600061}\n"
                 "  - {match: {kind: customer}, nth: [4], fault: status, status: 429, retry_after: 2}\n"
                 "  - {match: {kind: customer}, nth: [5], fault: status, status: 500, body: oh no}"));
  const auto numbered = body_of(client.customer(k_first));
  CHECK(numbered.at("code") == 900278);
  CHECK(numbered.at("description") == "later");
  CHECK(body_of(client.customer(k_first)).at("code") == "2000");
  CHECK(body_of(client.customer(k_first)).at("isRetryable") == true);
  const Reply throttled = client.customer(k_first);
  CHECK(throttled.headers.find("Retry-After") == "2");
  CHECK(body_of(throttled).at("statusCode") == 429);
  CHECK(client.last().has(Effect::throttled));
  CHECK(client.customer(k_first).body == "oh no");
}

TEST_CASE("a 429 by fault is remembered like any other") {
  Client client(
      world_with("  - {match: {kind: customer}, first: 1, fault: status, status: 429, retry_after: 2}"));
  CHECK(client.customer(k_first).status == 429);
  client.pass(seconds(1));
  CHECK(client.customer(k_first).status == 200);
  CHECK(client.last().has(Effect::served_early));
  CHECK(client.customer(k_second).status == 429);
  CHECK_FALSE(client.last().has(Effect::served_early));
}

TEST_CASE("a reset before the effect removes nothing, and one after it removes") {
  Client client(
      world_with("  - {match: {kind: patch}, nth: [1], fault: reset_before}\n"
                 "  - {match: {kind: patch}, nth: [2], fault: reset_after}"));
  CHECK(client.patch(k_first, "id-1").wire_fault == WireFault::reset_before);
  CHECK_FALSE(client.service.is_removed(k_first));
  CHECK(client.last().status == 0);
  CHECK(client.last().fault == "reset_before");
  CHECK(client.patch(k_first, "id-1").wire_fault == WireFault::reset_after);
  CHECK(client.service.is_removed(k_first));
  CHECK(client.patch(k_first, "id-1").status == 200);
  CHECK(client.last().has(Effect::replay));
  CHECK(client.count(Effect::removed) == 1);
}

TEST_CASE("an error status tells nothing of whether the removal took effect") {
  Client lost(world_with("  - {match: {kind: patch}, first: 1, fault: status, status: 500}"));
  CHECK(lost.patch(k_first, "id-1").status == 500);
  CHECK_FALSE(lost.service.is_removed(k_first));
  Client done(world_with("  - {match: {kind: patch}, first: 1, fault: status, status: 500, effect: before}"));
  CHECK(done.patch(k_first, "id-1").status == 500);
  CHECK(done.service.is_removed(k_first));
}

TEST_CASE("a removal that was lost stays on record as a mistake if it was one") {
  Client client(R"(
faults: [{match: {kind: patch}, fault: reset_before}]
customers: [{id: a0000001-0000-4000-8000-000000000001, subscriptions: [{status: active}]}]
)");
  CHECK(client.patch(k_first, "id-1").wire_fault == WireFault::reset_before);
  CHECK(client.last().has(Effect::removed_while_blocked));
  CHECK_FALSE(client.last().has(Effect::removed));
}

TEST_CASE("a 200 without none removes nothing unless the rule says so") {
  Client client(world_with("  - {match: {kind: patch}, first: 1, fault: no_none}"));
  const Reply reply = client.patch(k_first, "id-1");
  CHECK(reply.status == 200);
  CHECK(body_of(reply).at("RelationshipToPartner") == "reseller");
  CHECK_FALSE(client.service.is_removed(k_first));
}

TEST_CASE("a refresh token whose answer was lost has been rotated all the same") {
  Client client(R"(
sign_in: {refresh_token: first, strict_rotation: true}
faults: [{match: {kind: token}, nth: [1], fault: truncate}]
)");
  CHECK(client.service.sign_in().current_refresh_token() != "first");
  CHECK(client.sign_in("first").status == 400);
}

TEST_CASE("answers can be spoiled in content") {
  const auto spoiled_by = [](const std::string& fault) {
    Client client(world_with("  - {match: {kind: customer}, bytes: 5000, fault: " + fault + "}"));
    return client.customer(k_first);
  };
  CHECK(spoiled_by("html_502").status == 502);
  CHECK(spoiled_by("html_502").headers.find("Content-Type") == "text/html");
  CHECK(spoiled_by("empty_200").body.empty());
  CHECK(body_of(spoiled_by("wrong_type")).at("id").is_number());
  CHECK(spoiled_by("deep_json").body.size() > 200'000);
  CHECK(body_of(spoiled_by("huge_body")).at("id") == k_first);
  CHECK(spoiled_by("huge_body").body.size() + spoiled_by("huge_body").padding == 5000);
  CHECK(spoiled_by("redirect").status == 302);
  CHECK(spoiled_by("redirect").headers.find("Location") == "/v1/redirected");
}

TEST_CASE("a body larger than memory is announced and never held") {
  Client client(world_with("  - {match: {kind: customer}, fault: huge_body, bytes: 10000000000}"));
  const Reply reply = client.customer(k_first);
  CHECK(reply.body.size() + reply.padding == 10'000'000'000U);
  CHECK(reply.body.size() < 1000);
}

TEST_CASE("a foreign next link stands in a sound answer of any kind, and leads where the rule says") {
  Client client(world_with(
      "  - {match: {kind: subscriptions}, first: 1, fault: foreign_next, location: \"http://127.0.0.1:1\"}\n"
      "  - {match: {kind: patch}, fault: foreign_next}"));
  const Reply page = client.subscriptions(k_first);
  CHECK(page.body.rfind("\xEF\xBB\xBF", 0) == 0);
  CHECK(body_of(page).at("totalCount") == 0);
  CHECK(body_of(page).at("links").at("next").at("uri") ==
        "http://127.0.0.1:1/v1/customers/" + std::string(k_first) + "/subscriptions?seekOperation=Next");
  CHECK_FALSE(body_of(client.subscriptions(k_first)).at("links").contains("next"));
  const auto removal = body_of(client.patch(k_first, "id-1"));
  CHECK(removal.at("RelationshipToPartner") == "none");
  CHECK(removal.at("links").at("next").at("uri").get<std::string>().rfind("https://partner-center.invalid/",
                                                                          0) == 0);
  CHECK(client.service.is_removed(k_first));
}

TEST_CASE("requests that are refused at the gate use up no fault") {
  Client client(R"(
throttles: [{scope: customer, limit: 1, per_seconds: 10}]
)" + world_with("  - {match: {kind: customer}, nth: [2], fault: status, status: 500}"));
  CHECK(statuses(client, 2) == std::vector<int>{200, 429});
  client.pass(seconds(10));
  CHECK(client.customer(k_first).status == 500);
}

TEST_CASE("a body that a rule spells out is sent as it stands") {
  Client client(world_with("  - {match: {kind: customer}, fault: status, status: 200, body: \"{}\"}"));
  CHECK(client.customer(k_first).body == "{}");
}
