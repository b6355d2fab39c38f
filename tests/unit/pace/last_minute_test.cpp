#include <catch2/catch.hpp>
#include <pace/last_minute.hpp>

namespace offboard {
namespace {

using namespace std::chrono_literals;

constexpr Instant k_noon{12h};

}  // namespace

TEST_CASE("the last minute counts what left in a span, and what of it was refused") {
  LastMinute minute;
  for (int i = 0; i < 50; ++i) minute.sent(k_noon + i * 1s);
  minute.refused(k_noon + 10s);
  minute.refused(k_noon + 49s);
  CHECK(minute.all(k_noon - 1s, k_noon + 49s) == 50);
  CHECK(minute.accepted(k_noon - 1s, k_noon + 49s) == 48);
  CHECK(minute.all(k_noon, k_noon + 9s) == 9);
  CHECK(minute.accepted(k_noon + 9s, k_noon + 11s) == 1);
}

TEST_CASE("the last minute forgets what is more than a minute old, and a late refusal of it") {
  LastMinute minute;
  minute.sent(k_noon);
  minute.sent(k_noon + 62s);
  CHECK(minute.all(k_noon + 2s, k_noon + 62s) == 1);
  minute.refused(k_noon);
  CHECK(minute.accepted(k_noon + 2s, k_noon + 62s) == 1);
}

}  // namespace offboard
