#include "simulator/throttle.hpp"

#include <catch2/catch.hpp>

#include "client.hpp"

using namespace offboard;
using namespace offboard::simulator;

namespace {

const std::string k_customers = R"(
customers:
  - {id: a0000001-0000-4000-8000-000000000001}
  - {id: a0000002-0000-4000-8000-000000000002}
)";

std::string throttled_world(const std::string& rule) {
  return "throttles: [{" + rule + "}]" + k_customers;
}

ThrottleRule rule_of(ThrottleModel model, int limit, seconds per, RefusedCalls refused) {
  ThrottleRule rule;
  rule.model = model;
  rule.limit = limit;
  rule.per = per;
  rule.refused_calls = refused;
  return rule;
}

constexpr UtcTime at(int milliseconds_since_start) {
  return UtcTime(seconds(1'000'000) + milliseconds(milliseconds_since_start));
}

/// How long the call would have to wait; zero if it was let in.
milliseconds call(Turnstile& turnstile, int time) {
  const auto refusal = turnstile.admit("c", at(time));
  return refusal ? refusal->wait : milliseconds(0);
}

}  // namespace

TEST_CASE("a fixed window lets its limit in and starts anew when it is over") {
  Turnstile turnstile({rule_of(ThrottleModel::fixed_window, 2, seconds(10), RefusedCalls::do_not_count)});
  CHECK(call(turnstile, 0) == milliseconds(0));
  CHECK(call(turnstile, 9000) == milliseconds(0));
  CHECK(call(turnstile, 9500) == milliseconds(500));
  CHECK(call(turnstile, 10000) == milliseconds(0));
  CHECK(call(turnstile, 10001) == milliseconds(0));
  CHECK(call(turnstile, 10002) == milliseconds(9998));
}

TEST_CASE("a sliding window frees a place when the oldest call has left it") {
  Turnstile turnstile({rule_of(ThrottleModel::sliding_window, 2, seconds(10), RefusedCalls::do_not_count)});
  CHECK(call(turnstile, 0) == milliseconds(0));
  CHECK(call(turnstile, 9000) == milliseconds(0));
  CHECK(call(turnstile, 9500) == milliseconds(500));
  CHECK(call(turnstile, 10000) == milliseconds(0));
  CHECK(call(turnstile, 10001) == milliseconds(8999));
}

TEST_CASE("where refused calls count, impatience makes the wait longer") {
  Turnstile turnstile({rule_of(ThrottleModel::sliding_window, 1, seconds(10), RefusedCalls::count)});
  CHECK(call(turnstile, 0) == milliseconds(0));
  CHECK(call(turnstile, 9000) == milliseconds(1000));
  CHECK(call(turnstile, 10000) == milliseconds(9000));
}

TEST_CASE("a token bucket lets a burst in and then its rate") {
  ThrottleRule rule = rule_of(ThrottleModel::token_bucket, 10, seconds(10), RefusedCalls::do_not_count);
  rule.burst = 2;
  Turnstile turnstile({rule});
  CHECK(call(turnstile, 0) == milliseconds(0));
  CHECK(call(turnstile, 0) == milliseconds(0));
  CHECK(call(turnstile, 0) == milliseconds(1000));
  CHECK(call(turnstile, 1000) == milliseconds(0));
  CHECK(call(turnstile, 1500) == milliseconds(500));
}

TEST_CASE("a 429 has a Retry-After in whole seconds and the gateway's body") {
  Client client(throttled_world("model: sliding_window, limit: 1, per_seconds: 57"));
  CHECK(client.customer(k_first).status == 200);
  const Reply reply = client.customer(k_second);
  CHECK(reply.status == 429);
  CHECK(reply.headers.find("Retry-After") == "57");
  CHECK(reply.body == R"({"statusCode":429,"message":"Rate limit is exceeded. Try again in 57 seconds."})");
  CHECK(client.last().has(Effect::throttled));
  CHECK(client.last().retry_after == "57");
}

TEST_CASE("Retry-After may be a date, or be missing") {
  Client date(throttled_world("limit: 1, per_seconds: 57, retry_after: date"));
  CHECK(date.customer(k_first).status == 200);
  CHECK(date.customer(k_first).headers.find("Retry-After") == "Mon, 23 Nov 2026 01:00:57 GMT");
  Client none(throttled_world("limit: 1, per_seconds: 57, retry_after: none"));
  CHECK(none.customer(k_first).status == 200);
  CHECK_FALSE(none.customer(k_first).headers.find("Retry-After").has_value());
}

TEST_CASE("a customer's own throttle leaves the other customers alone") {
  Client client(throttled_world("scope: customer, limit: 1, per_seconds: 10"));
  CHECK(client.customer(k_first).status == 200);
  CHECK(client.customer(k_first).status == 429);
  CHECK(client.customer(k_second).status == 200);
}

TEST_CASE("of several throttles the longest wait is announced") {
  Client client("throttles: [{limit: 1, per_seconds: 5}, {scope: customer, limit: 1, per_seconds: 9}]" +
                k_customers);
  CHECK(client.customer(k_first).status == 200);
  CHECK(client.customer(k_first).headers.find("Retry-After") == "9");
  CHECK(client.customer(k_second).headers.find("Retry-After") == "5");
}

TEST_CASE("every answer says what is left, if the rule is to, in four ways") {
  const std::pair<std::string, std::vector<std::pair<std::string, std::string>>> forms[] = {
      {"structured", {{"RateLimit", R"("default";r=1;t=30)"}}},
      {"dictionary", {{"RateLimit", "limit=2, remaining=1, reset=30"}}},
      {"pair", {{"RateLimit-Remaining", "1"}, {"RateLimit-Reset", "30"}}},
      // Mon, 23 Nov 2026 01:00:30 GMT
      {"epoch", {{"X-RateLimit-Remaining", "1"}, {"X-RateLimit-Reset", "1795395630"}}}};
  for (const auto& [form, headers] : forms) {
    Client client(throttled_world("model: fixed_window, limit: 2, per_seconds: 30, headers: " + form));
    const Reply reply = client.customer(k_first);
    for (const auto& [name, value] : headers) CHECK(reply.headers.find(name) == value);
    CHECK_FALSE(client.sign_in("any").headers.find(headers.front().first));
  }
}

TEST_CASE("what is left and when all will be, by model") {
  for (const auto& [model, until_all] : {std::pair(ThrottleModel::fixed_window, 7000),
                                         {ThrottleModel::sliding_window, 9000},
                                         {ThrottleModel::token_bucket, 7000}}) {
    ThrottleRule rule = rule_of(model, 10, seconds(10), RefusedCalls::do_not_count);
    rule.headers = QuotaHeaders::pair;
    Turnstile turnstile({rule});
    for (int calls = 0; calls < 5; ++calls) CHECK(call(turnstile, 0) == milliseconds(0));
    for (int calls = 0; calls < 3; ++calls) CHECK(call(turnstile, 2000) == milliseconds(0));
    const auto left = turnstile.left("c", at(3000));
    REQUIRE(left.size() == 1);
    CHECK(left[0].calls == (model == ThrottleModel::token_bucket ? 5 : 2));
    CHECK(left[0].until_all == milliseconds(model == ThrottleModel::token_bucket ? 5000 : until_all));
    for (int calls = 0; calls < 7; ++calls) static_cast<void>(call(turnstile, 3000));
    CHECK(turnstile.left("c", at(3000))[0].calls == 0);
  }
}

TEST_CASE("a rule that is not to say what is left does not") {
  Client client(throttled_world("limit: 2, per_seconds: 30"));
  CHECK(client.customer(k_first).headers.find("RateLimit") == std::nullopt);
}

TEST_CASE("a throttle may count removals alone, or reads alone") {
  Client removals(throttled_world("limit: 1, per_seconds: 60, calls: removals"));
  for (int i = 0; i < 5; ++i) CHECK(removals.customer(k_first).status == 200);
  CHECK(removals.patch(k_first, "r1").status == 200);
  CHECK(removals.patch(k_second, "r2").status == 429);
  CHECK(removals.customer(k_second).status == 200);
  Client reads(throttled_world("limit: 1, per_seconds: 60, calls: reads"));
  CHECK(reads.customer(k_first).status == 200);
  CHECK(reads.customer(k_second).status == 429);
  CHECK(reads.patch(k_second, "r2").status == 200);
}

TEST_CASE("sign-in is not throttled") {
  Client client(throttled_world("limit: 1, per_seconds: 10"));
  CHECK(client.customer(k_first).status == 200);
  CHECK(client.sign_in("any").status == 200);
}

TEST_CASE("who comes back before Retry-After is over is on record, and who waits is not") {
  Client client(throttled_world("scope: customer, limit: 1, per_seconds: 10"));
  CHECK(client.customer(k_first).status == 200);
  CHECK(client.customer(k_first).status == 429);
  client.pass(seconds(4));
  CHECK(client.customer(k_first).status == 429);
  REQUIRE(client.last().early.has_value());
  CHECK(client.last().early->scope == EarlyScope::customer);
  CHECK(client.last().early->by == seconds(6));
  CHECK(client.last().early->since_429 == seconds(4));
  client.pass(seconds(6));
  CHECK(client.customer(k_first).status == 200);
  CHECK_FALSE(client.last().has(Effect::served_early));
}

TEST_CASE("a partner's 429 makes every other customer's request an early one too") {
  Client client(throttled_world("scope: partner, limit: 1, per_seconds: 10"));
  CHECK(client.customer(k_first).status == 200);
  CHECK(client.customer(k_first).status == 429);
  client.pass(seconds(1));
  CHECK(client.customer(k_second).status == 429);
  REQUIRE(client.last().early.has_value());
  CHECK(client.last().early->scope == EarlyScope::partner);
}
