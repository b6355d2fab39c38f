#include <catch2/catch.hpp>
#include <pace/breaker.hpp>

namespace offboard {
namespace {

using namespace std::chrono_literals;
using Mode = Breaker::Mode;

constexpr RetryLimits k_limits = {4, 5min};

Instant at(milliseconds time) {
  return Instant(1h + time);
}

/// A breaker that three customers have opened at second 0.
struct Opened {
  Random random{3};
  Breaker breaker{k_limits};
  Opened() {
    for (const char* customer : {"a", "b", "c"}) breaker.unanswered(customer, at(0s), random);
  }
};

}  // namespace

TEST_CASE("three different customers in a row without an answer open the breaker, two do not") {
  Random random(1);
  Breaker breaker(k_limits);
  CHECK(breaker.mode() == Mode::closed);
  breaker.unanswered("a", at(0s), random);
  breaker.unanswered("b", at(0s), random);
  CHECK(breaker.mode() == Mode::closed);
  breaker.unanswered("c", at(0s), random);
  CHECK(breaker.mode() == Mode::probing);
}

TEST_CASE("one customer without an answer, however often, does not open the breaker") {
  Random random(1);
  Breaker breaker(k_limits);
  for (int i = 0; i < 100; ++i) breaker.unanswered("a", at(0s), random);
  CHECK(breaker.mode() == Mode::closed);
  for (int i = 0; i < 100; ++i) breaker.unanswered(i % 2 == 0 ? "a" : "b", at(0s), random);
  CHECK(breaker.mode() == Mode::closed);
}

TEST_CASE("an answer in between begins the count anew") {
  Random random(1);
  Breaker breaker(k_limits);
  for (int i = 0; i < 10; ++i) {
    breaker.unanswered("a", at(0s), random);
    breaker.unanswered("b", at(0s), random);
    breaker.answered();
  }
  breaker.unanswered("c", at(0s), random);
  breaker.unanswered("d", at(0s), random);
  CHECK(breaker.mode() == Mode::closed);
}

TEST_CASE("the first probe leaves soon after the breaker has opened") {
  const Opened opened;
  CHECK(opened.breaker.probe_at() >= at(0s));
  CHECK(opened.breaker.probe_at() <= at(500ms));
}

TEST_CASE("requests that come back unanswered while it is open are no probes") {
  Opened opened;
  const auto probe_at = opened.breaker.probe_at();
  for (int i = 0; i < 100; ++i) opened.breaker.unanswered(std::to_string(i), at(1min), opened.random);
  CHECK(opened.breaker.mode() == Mode::probing);
  CHECK(opened.breaker.probe_at() == probe_at);
}

TEST_CASE("the gaps between probes are drawn from a bound that doubles") {
  const RetryLimits many = {100, 5min};
  std::vector<milliseconds> longest(5, milliseconds(0));
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Random random(seed);
    Breaker breaker(many);
    for (const char* customer : {"a", "b", "c"}) breaker.unanswered(customer, at(0s), random);
    for (auto& gap : longest) {
      breaker.probe_failed(at(1s), 0ms, random);
      gap = std::max(gap, breaker.probe_at() - at(1s));
    }
  }
  for (std::size_t i = 0; i < longest.size(); ++i) {
    INFO(i);
    CHECK(longest[i] <= 1s * (1 << i));
    CHECK(longest[i] > 900ms * (1 << i));
  }
}

TEST_CASE("a probe never leaves before the service asked for it") {
  Opened opened;
  opened.breaker.probe_failed(at(1s), 2min, opened.random);
  CHECK(opened.breaker.probe_at() == at(1s + 2min));
}

TEST_CASE("the first answer closes the breaker") {
  Opened opened;
  opened.breaker.probe_failed(at(1s), 0ms, opened.random);
  opened.breaker.answered();
  CHECK(opened.breaker.mode() == Mode::closed);
  opened.breaker.unanswered("a", at(2s), opened.random);
  opened.breaker.unanswered("b", at(2s), opened.random);
  CHECK(opened.breaker.mode() == Mode::closed);
}

TEST_CASE("after max_attempts failed probes the service is unavailable, not before") {
  for (const int max : {1, 2, 4}) {
    Random random(1);
    Breaker breaker({max, 5min});
    for (const char* customer : {"a", "b", "c"}) breaker.unanswered(customer, at(0s), random);
    for (int probe = 1; probe <= max; ++probe) {
      INFO(probe << " of " << max);
      CHECK(breaker.mode() == Mode::probing);
      breaker.probe_failed(at(probe * 1min), 0ms, random);
    }
    CHECK(breaker.mode() == Mode::unavailable);
  }
}

TEST_CASE("probes that failed before an answer do not count after it") {
  Opened opened;
  for (int i = 0; i < 3; ++i) opened.breaker.probe_failed(at(1s), 0ms, opened.random);
  opened.breaker.answered();
  for (const char* customer : {"a", "b", "c"}) opened.breaker.unanswered(customer, at(2s), opened.random);
  for (int i = 0; i < 3; ++i) opened.breaker.probe_failed(at(3s), 0ms, opened.random);
  CHECK(opened.breaker.mode() == Mode::probing);
  opened.breaker.probe_failed(at(4s), 0ms, opened.random);
  CHECK(opened.breaker.mode() == Mode::unavailable);
}

TEST_CASE("a failed probe means nothing to a breaker that is closed") {
  Random random(1);
  Breaker breaker({1, 5min});
  breaker.probe_failed(at(0s), 0ms, random);
  CHECK(breaker.mode() == Mode::closed);
}

}  // namespace offboard
