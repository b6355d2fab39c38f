#include <catch2/catch.hpp>
#include <pace/allowance.hpp>

namespace offboard {
namespace {

using namespace std::chrono_literals;

constexpr Instant k_dawn{1000h};
constexpr milliseconds k_longest = 5min;

/// Answers, one every 100 ms, that count down to `last` of a window that ends a minute after k_dawn.
struct Countdown {
  Allowance allowance{k_longest};
  Instant now = k_dawn;

  bool hear(std::int64_t left) {
    now += 100ms;
    return allowance.hear(left, std::chrono::ceil<seconds>(k_dawn + 60s - now), now, now);
  }
  bool fall(std::int64_t from, std::int64_t to) {
    bool is_over = false;
    for (auto left = from; left >= to; --left) is_over = hear(left);
    return is_over;
  }
  [[nodiscard]] bool may_leave(std::size_t in_flight) const {
    return allowance.next_at(now, in_flight) <= now;
  }
};

}  // namespace

TEST_CASE("nothing that was not said holds anything back") {
  CHECK(Allowance(k_longest).next_at(k_dawn, 1000) == k_dawn);
}

TEST_CASE("no more may be on their way than are left, once the number has fallen for a while") {
  Countdown countdown;
  countdown.fall(20, 13);
  CHECK(countdown.may_leave(1000));
  countdown.hear(12);
  CHECK(countdown.may_leave(11));
  CHECK_FALSE(countdown.may_leave(12));
}

TEST_CASE("nothing leaves while nothing is left, and all may when the window is over") {
  Countdown countdown;
  CHECK_FALSE(countdown.fall(20, 1));
  CHECK(countdown.may_leave(0));
  CHECK(countdown.hear(0));
  CHECK_FALSE(countdown.may_leave(0));
  CHECK(countdown.allowance.next_at(countdown.now, 0) == k_dawn + 60s);
  CHECK_FALSE(countdown.hear(0));
  countdown.now = k_dawn + 60s;
  CHECK(countdown.may_leave(1000));
}

TEST_CASE("an answer that was overtaken changes nothing") {
  Countdown countdown;
  countdown.fall(20, 5);
  countdown.hear(9);
  CHECK_FALSE(countdown.may_leave(5));
}

TEST_CASE("each window is believed anew") {
  Countdown countdown;
  countdown.fall(20, 0);
  countdown.now = k_dawn + 60s;
  for (int left = 8; left > 0; --left)
    CHECK_FALSE(countdown.allowance.hear(left, 60s, countdown.now, countdown.now));
  CHECK(countdown.may_leave(1000));
  CHECK(countdown.allowance.hear(0, 60s, countdown.now, countdown.now));
  CHECK_FALSE(countdown.may_leave(0));
}

TEST_CASE("a count that each customer has of its own is not taken for everybody's") {
  Countdown countdown;
  for (int round = 0; round < 10; ++round) {
    for (int left = 3; left >= 0; --left) {
      for (int customer = 0; customer < 5; ++customer) CHECK_FALSE(countdown.hear(left));
    }
    CHECK(countdown.may_leave(1000));
  }
}

TEST_CASE("a service that goes on answering with nothing left is not believed") {
  Countdown countdown;
  for (int i = 0; i < 100; ++i) CHECK_FALSE(countdown.hear(0));
  CHECK(countdown.may_leave(1000));
}

TEST_CASE("a reset that moves on before it has come is no end of a window, now and later") {
  Allowance allowance(k_longest);
  auto now = k_dawn;
  for (int left = 100; left > 0; --left) {
    now += 300ms;
    CHECK_FALSE(allowance.hear(left, 60s, now, now));
  }
  CHECK_FALSE(allowance.hear(0, 60s, now, now));
  CHECK(allowance.next_at(now, 1000) == now);
  now += 60s;
  for (int left = 20; left >= 0; --left) CHECK_FALSE(allowance.hear(left, 30s, now, now));
}

TEST_CASE("an answer that took long neither moves the end of a window nor shows another one") {
  Countdown countdown;
  countdown.fall(20, 10);
  const auto late = countdown.now + 20s;
  const auto reset = k_dawn + 60s - countdown.now;
  CHECK_FALSE(countdown.allowance.hear(1, reset, countdown.now, late));
  CHECK(countdown.allowance.next_at(late, 1) == k_dawn + 60s);
}

TEST_CASE("nothing is held back for longer than a job waits") {
  Allowance allowance(30s);
  for (int left = 10; left > 0; --left) CHECK_FALSE(allowance.hear(left, 10h, k_dawn, k_dawn));
  CHECK(allowance.hear(0, 10h, k_dawn, k_dawn));
  CHECK(allowance.next_at(k_dawn, 0) == k_dawn + 30s);
  CHECK(allowance.next_at(k_dawn + 30s, 1000) == k_dawn + 30s);
}

}  // namespace offboard
