#include <catch2/catch.hpp>
#include <pace/pacer.hpp>

namespace offboard {
namespace {

using namespace std::chrono_literals;

constexpr Instant k_begin{1000h};
constexpr milliseconds k_way = 100ms;

/// Requests one after the other, each answered after `k_way`.
class Traffic {
 public:
  explicit Traffic(Pacer& given) : pacer(given) {}

  /// Everything that may leave until `until`, with as many in flight as the pacer lets; how many that were.
  int work_until(milliseconds until, std::size_t workers = 64) {
    int sent = 0;
    while (now < k_begin + until) {
      while (!out.empty() && out.front() + k_way <= now) {
        pacer.answered(out.front(), now);
        out.erase(out.begin());
      }
      while (out.size() < workers && pacer.may_leave(now, out.size())) {
        send();
        ++sent;
      }
      now += 1ms;
    }
    return sent;
  }
  void send() {
    pacer.left(now);
    out.push_back(now);
  }
  /// All that is out comes back as 429s of several customers.
  void refuse_all(milliseconds retry_after) {
    now += k_way;
    int refused = 0;
    for (const auto sent_at : out) {
      pacer.refused(sent_at, retry_after, ++refused < 3 ? RefusalScope::customer : RefusalScope::everybody,
                    now);
    }
    out.clear();
  }

  Pacer& pacer;
  Instant now = k_begin;
  std::vector<Instant> out;
};

}  // namespace

TEST_CASE(
    "before a quota was met nothing but the number in flight is bounded, and that grows with the answers") {
  Pacer pacer;
  CHECK(pacer.may_leave(k_begin, 7));
  CHECK_FALSE(pacer.may_leave(k_begin, 8));
  CHECK(pacer.next_at(k_begin, 8) == Instant::max());
  Traffic traffic(pacer);
  CHECK(traffic.work_until(20s) > 1600);
  CHECK(pacer.may_leave(traffic.now, 12));
  CHECK_FALSE(pacer.known());
}

TEST_CASE("what a window let through before it refused several customers is learned exactly") {
  Pacer pacer;
  Traffic traffic(pacer);
  int sent = 0;
  while (sent < 600) {
    sent +=
        traffic.work_until(traffic.now - k_begin + 1ms, static_cast<std::size_t>(std::min(8, 600 - sent)));
  }
  traffic.work_until(traffic.now - k_begin + k_way, 0);
  for (int i = 0; i < 5; ++i) traffic.send();
  const auto left = k_begin + 60s - traffic.now;
  traffic.refuse_all(left);
  REQUIRE(pacer.known());
  CHECK(pacer.known()->per_minute == Approx(600).margin(0.5));
  CHECK(pacer.known()->is_of_windows);
}

TEST_CASE("requests leave evenly, just below what was learned") {
  Pacer pacer({}, KnownRate{600, 100000, true});
  Traffic traffic(pacer);
  CHECK(traffic.work_until(60s) == Approx(594).margin(1));
  CHECK(traffic.work_until(61s) == Approx(10).margin(1));
}

TEST_CASE("the 429s of one customer teach nothing before a quota is known, however many") {
  Pacer pacer;
  Traffic traffic(pacer);
  traffic.work_until(5s);
  for (int i = 0; i < 50; ++i) pacer.refused(traffic.now, 1s, RefusalScope::customer, traffic.now + k_way);
  CHECK_FALSE(pacer.known());
  CHECK(pacer.may_leave(traffic.now, 7));
}

TEST_CASE("a handful of accepted requests is too little to learn from") {
  Pacer pacer;
  Traffic traffic(pacer);
  for (int i = 0; i < 20; ++i) {
    traffic.send();
    traffic.work_until(traffic.now - k_begin + k_way, 0);
  }
  for (int i = 0; i < 8; ++i) traffic.send();
  traffic.refuse_all(1s);
  CHECK_FALSE(pacer.known());
  CHECK(pacer.may_leave(traffic.now, 0));
}

TEST_CASE("when the service refuses several customers fewer are in flight afterwards, but never none") {
  Pacer pacer;
  Traffic traffic(pacer);
  for (int round = 0; round < 10; ++round) {
    for (int i = 0; i < 4; ++i) traffic.send();
    traffic.refuse_all(1s);
    traffic.now += 1s;
    CHECK(pacer.may_leave(traffic.now, 0));
  }
  CHECK_FALSE(pacer.may_leave(traffic.now, 1));
}

TEST_CASE(
    "after an emptied bucket no fewer are in flight than it had borne, after a closed window a quarter") {
  const auto in_flight_after = [](milliseconds retry_after) {
    Pacer pacer;
    Traffic traffic(pacer);
    // 72 in nine seconds, and 20 of them may have been saved up: it bears five a second, each 1 s on its way.
    for (int second = 0; second < 9; ++second) {
      for (int i = 0; i < 8; ++i) traffic.send();
      traffic.now += 1s;
      for (const auto sent_at : traffic.out) pacer.answered(sent_at, traffic.now);
      traffic.out.clear();
    }
    for (int i = 0; i < 8; ++i) traffic.send();
    traffic.refuse_all(retry_after);
    traffic.now += retry_after;
    std::size_t in_flight = 0;
    while (pacer.may_leave(traffic.now, in_flight)) ++in_flight;
    return in_flight;
  };
  CHECK(in_flight_after(1s) == 5);
  CHECK(in_flight_after(30s) == 2);
}

TEST_CASE(
    "two lone refusals within minutes lower the pace a little, and however many by a twentieth at most") {
  Pacer pacer({}, KnownRate{600, 100000, true});
  Traffic traffic(pacer);
  const auto refuse_one = [&] {
    traffic.work_until(traffic.now - k_begin + 30s);
    pacer.refused(traffic.now - k_way, 1s, RefusalScope::customer, traffic.now);
  };
  refuse_one();
  CHECK(pacer.known()->per_minute == Approx(600));
  refuse_one();
  CHECK(pacer.known()->per_minute == Approx(588));
  for (int i = 0; i < 20; ++i) refuse_one();
  CHECK(pacer.known()->per_minute == Approx(0.95 * 600 / 0.99));
}

TEST_CASE("a quota of which the service says that nothing is left is learned without a refusal") {
  Pacer pacer;
  Traffic traffic(pacer);
  int left = 600;
  while (left > 0) {
    if (traffic.work_until(traffic.now - k_begin + 10ms, 1) == 0) continue;
    const auto reset = std::chrono::ceil<seconds>(k_begin + 60s - traffic.now);
    --left;
    CHECK(pacer.told(left, reset, traffic.now, traffic.now) == (left == 0));
  }
  CHECK_FALSE(pacer.may_leave(traffic.now, 0));
  CHECK(pacer.next_at(traffic.now, 0) <= k_begin + 61s);
  CHECK(pacer.may_leave(k_begin + 61s, 0));
  REQUIRE(pacer.known());
  CHECK(pacer.known()->per_minute == Approx(600).epsilon(0.02));
}

TEST_CASE("whatever the service says is left, no more leave than the pace and the first bound allow") {
  Pacer fresh, slow({}, KnownRate{60, 100000, true});
  for (int left = 1'000'000; left > 999'900; --left) {
    CHECK_FALSE(fresh.told(left, 1s, k_begin, k_begin));
    CHECK_FALSE(slow.told(left, 1s, k_begin, k_begin));
  }
  CHECK_FALSE(fresh.may_leave(k_begin, 8));
  CHECK(Traffic(slow).work_until(60s) <= 61);
}

TEST_CASE("the operator's ceiling holds from the first request on, and above what was learned") {
  for (const auto& known : {std::optional<KnownRate>(), std::optional(KnownRate{600, 0, true})}) {
    Pacer pacer(60, known);
    Traffic traffic(pacer);
    CHECK(traffic.work_until(5min) <= 301);
    CHECK(pacer.known().has_value() == known.has_value());
  }
}

TEST_CASE("a ceiling above what was learned changes nothing") {
  Pacer pacer(6000, KnownRate{600, 100000, true});
  CHECK(Traffic(pacer).work_until(60s) == Approx(594).margin(1));
}

TEST_CASE("a quota that has grown is found out") {
  Pacer pacer({}, KnownRate{300, 0, true});
  Traffic traffic(pacer);
  traffic.work_until(15min);
  CHECK(pacer.known()->per_minute > 600);
}

TEST_CASE("while more is tried the first refusal, whosever, ends the trial, and the next is put off") {
  Pacer pacer({}, KnownRate{600, 0, true});
  Traffic traffic(pacer);
  traffic.work_until(70s);
  CHECK(traffic.work_until(130s) > 596);
  pacer.refused(traffic.now - k_way, 1s, RefusalScope::customer, traffic.now);
  CHECK(pacer.known()->trial_after >= 10000);
  traffic.work_until(135s);
  CHECK(traffic.work_until(195s) <= 596);
}

TEST_CASE("work that is slower than the pace is no evidence that more would be let through") {
  Pacer pacer({}, KnownRate{600, 0, true});
  Traffic traffic(pacer);
  for (int i = 0; i < 4000; ++i) {
    traffic.now += 400ms;
    CHECK(pacer.may_leave(traffic.now, 0));
    traffic.send();
    pacer.answered(traffic.out.back(), traffic.now + k_way);
    traffic.out.clear();
  }
  CHECK(pacer.known()->per_minute == Approx(600));
}

TEST_CASE("a rate below one a second is left to the gate") {
  const Pacer pacer({}, KnownRate{30, 0, true});
  CHECK_FALSE(pacer.known());
  CHECK(pacer.may_leave(k_begin, 5));
}

TEST_CASE("refusals that do not depend on the pace do not bring it to a crawl") {
  // One request in twenty is refused, whatever the pace; three of them close the gate for a second.
  Pacer pacer;
  Instant now = k_begin;
  int sent = 0;
  int refused = 0;
  while (sent < 6000) {
    if (!pacer.may_leave(now, 0)) {
      now += 1ms;
      continue;
    }
    const auto sent_at = now;
    pacer.left(now);
    now += 2ms;
    if (++sent % 20 != 0) {
      pacer.answered(sent_at, now);
      continue;
    }
    const bool is_third = ++refused % 3 == 0;
    pacer.refused(sent_at, 1s, is_third ? RefusalScope::everybody : RefusalScope::customer, now);
    if (is_third) now += 1s;
  }
  // A hundred closed gates and 12 s of requests are 112 s.
  CHECK(now - k_begin < 200s);
}

TEST_CASE("what was learned is handed on to the next run as it is") {
  const KnownRate known{480, 20000, true};
  CHECK(Pacer({}, known).known() == known);
}

}  // namespace offboard
