#include <catch2/catch.hpp>
#include <pace/retry.hpp>
#include <set>
#include <vector>

namespace offboard {
namespace {

using namespace std::chrono_literals;

constexpr RetryLimits k_retry_limits = {6, 5min};
/// Waits are rounded up by this, since clocks are read in whole milliseconds, rounded down.

std::optional<milliseconds> wait_of(const NextTry& next) {
  const auto* again = std::get_if<Again>(&next);
  return again == nullptr ? std::nullopt : std::optional(again->wait);
}

struct Bounds {
  milliseconds least = milliseconds::max();
  milliseconds most = milliseconds(0);
};

/// What many draws of the same question lie between. Every one of them must be Again.
Bounds bounds_of(Trouble trouble, int count, std::optional<milliseconds> retry_after,
                 const RetryLimits& limits = k_retry_limits) {
  Random random(11);
  Bounds bounds;
  for (int i = 0; i < 2000; ++i) {
    const auto wait = wait_of(next_try(trouble, count, retry_after, limits, random));
    REQUIRE(wait);
    bounds.least = std::min(bounds.least, *wait);
    bounds.most = std::max(bounds.most, *wait);
  }
  return bounds;
}

}  // namespace

TEST_CASE(
    "without Retry-After a wait is drawn from zero to a bound that doubles from half a second to a minute") {
  const auto trouble = GENERATE(Trouble::unanswered, Trouble::throttled);
  const std::vector<milliseconds> bounds = {500ms, 1s, 2s, 4s, 8s, 16s, 32s, 1min, 1min};
  const RetryLimits many = {100, 5min};
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    INFO("the " << i + 1 << "th time");
    const auto drawn = bounds_of(trouble, static_cast<int>(i) + 1, std::nullopt, many);
    CHECK(drawn.least < bounds[i] / 20);
    CHECK(drawn.most <= bounds[i]);
    CHECK(drawn.most > bounds[i] - bounds[i] / 20);
  }
}

TEST_CASE("the bound of a wait grows no further, however often it is met") {
  const RetryLimits no_end = {1'000'000'000, 5min};
  for (const int count : {20, 31, 32, 33, 64, 65, 1000, 2'000'000}) {
    INFO(count);
    CHECK(bounds_of(Trouble::throttled, count, std::nullopt, no_end).most <= 1min);
  }
}

TEST_CASE("no wait is longer than max_wait") {
  const RetryLimits short_waits = {100, 3s};
  for (int count = 1; count < 20; ++count) {
    INFO(count);
    CHECK(bounds_of(Trouble::unanswered, count, std::nullopt, short_waits).most <= 3s);
  }
}

TEST_CASE("no wait is longer than max_wait with Retry-After either") {
  for (const int count : {1, 2, 3, 10}) {
    INFO(count);
    CHECK(bounds_of(Trouble::throttled, count, 5min).most <= 5min + k_rounding);
    CHECK(bounds_of(Trouble::throttled, count, 5min - 1s).most <= 5min + k_rounding);
  }
}

TEST_CASE("a request never leaves before Retry-After") {
  const auto trouble = GENERATE(Trouble::unanswered, Trouble::throttled);
  for (const int count : {1, 2, 3, 4, 5}) {
    for (const milliseconds asked : {0ms, 1ms, 999ms, 57000ms, 240'000ms}) {
      INFO(count << " " << asked.count());
      CHECK(bounds_of(trouble, count, asked).least >= asked);
    }
  }
}

TEST_CASE("the first Retry-After is taken at its word, a repeated one gets the backoff on top") {
  CHECK(bounds_of(Trouble::throttled, 1, 57s).most <= 57s + k_rounding);
  const std::vector<milliseconds> extra = {500ms, 1s, 2s, 4s};
  for (std::size_t i = 0; i < extra.size(); ++i) {
    INFO("the " << i + 2 << "th time");
    const auto drawn = bounds_of(Trouble::throttled, static_cast<int>(i) + 2, 57s);
    CHECK(drawn.least >= 57s);
    CHECK(drawn.most <= 57s + extra[i] + k_rounding);
    CHECK(drawn.most > 57s + extra[i] / 2);
  }
}

TEST_CASE("a request without an answer has max_attempts, with Retry-After and without") {
  Random random(1);
  for (const std::optional<milliseconds> asked :
       {std::optional<milliseconds>(), std::optional<milliseconds>(1s)}) {
    for (int max = 1; max < 5; ++max) {
      for (int count = 1; count < 7; ++count) {
        INFO(count << " of " << max);
        const auto next = next_try(Trouble::unanswered, count, asked, {max, 5min}, random);
        CHECK(std::holds_alternative<OutOfAttempts>(next) == (count >= max));
        CHECK(std::holds_alternative<Again>(next) == (count < max));
      }
    }
  }
}

TEST_CASE("a throttled request runs out of no attempts") {
  Random random(1);
  for (const int count : {1, 6, 7, 1000}) {
    INFO(count);
    CHECK(wait_of(next_try(Trouble::throttled, count, 1s, {1, 5min}, random)));
    CHECK(wait_of(next_try(Trouble::throttled, count, std::nullopt, {1, 5min}, random)));
  }
}

TEST_CASE("a Retry-After above max_wait is too long and is handed on, one of exactly max_wait is not") {
  Random random(1);
  const auto trouble = GENERATE(Trouble::unanswered, Trouble::throttled);
  CHECK(wait_of(next_try(trouble, 1, 5min, k_retry_limits, random)).value_or(0ms) >= 5min);
  for (const milliseconds asked : {milliseconds(5min) + 1ms, milliseconds(24h * 366)}) {
    const auto next = next_try(trouble, 1, asked, k_retry_limits, random);
    REQUIRE(std::holds_alternative<WaitTooLong>(next));
    CHECK(std::get<WaitTooLong>(next).wait == asked);
  }
}

TEST_CASE("the same seed draws the same waits") {
  Random one(5);
  Random other(5);
  for (int count = 1; count < 6; ++count)
    CHECK(wait_of(next_try(Trouble::unanswered, count, std::nullopt, k_retry_limits, one)) ==
          wait_of(next_try(Trouble::unanswered, count, std::nullopt, k_retry_limits, other)));
}

TEST_CASE("waits of many requests are spread, so that they do not come back together") {
  Random random(6);
  std::set<milliseconds> seen;
  for (int i = 0; i < 100; ++i) seen.insert(full_jitter(5, k_retry_limits, random));
  CHECK(seen.size() > 90);
}

}  // namespace offboard
