#include <catch2/catch.hpp>
#include <http/quota_left.hpp>
#include <http/retry_after.hpp>

namespace offboard {
namespace {

using namespace std::chrono_literals;
using Left = std::optional<QuotaLeft>;

// Mon, 23 Nov 2026 01:38:07 GMT
const UtcTime k_when = UtcTime(milliseconds(1795397887000));

Left left_by(std::vector<Header> headers) {
  HttpAnswer answer;
  answer.headers = std::move(headers);
  return quota_left(answer, k_when);
}

Left left_by_pair(const std::string& remaining, const std::string& reset) {
  return left_by(
      {{"x-ratelimit-limit", "600"}, {"x-ratelimit-remaining", remaining}, {"x-ratelimit-reset", reset}});
}

}  // namespace

TEST_CASE("RateLimit says what is left and for how long") {
  CHECK(left_by({{"RateLimit", R"("default";r=50;t=30)"}}) == Left({50, 30s}));
  CHECK(left_by({{"ratelimit", R"( "a b";  t=30 ; r = 0)"}}) == Left({0, 30s}));
  CHECK(left_by({{"RateLimit", R"(default;r=50;pk=:YWJj:;t=30)"}}) == Left({50, 30s}));
}

TEST_CASE("RateLimit is understood as an earlier draft had it") {
  CHECK(left_by({{"RateLimit", "limit=100, remaining=50, reset=5"}}) == Left({50, 5s}));
  CHECK(left_by({{"RateLimit", "remaining=0,reset=5"}}) == Left({0, 5s}));
}

TEST_CASE("of several quotas the one of which least is left counts, and of equal ones the longer") {
  CHECK(left_by({{"RateLimit", R"("day";r=900;t=36000, "minute";r=7;t=20)"}}) == Left({7, 20s}));
  CHECK(left_by({{"RateLimit", R"("day";r=900;t=36000)"}, {"RateLimit", R"("minute";r=7;t=20)"}}) ==
        Left({7, 20s}));
  CHECK(left_by({{"RateLimit", R"("a";r=0;t=5, "b";r=0;t=50, "c";r=0;t=6)"}}) == Left({0, 50s}));
  CHECK(left_by(
            {{"RateLimit", R"("a";r=8;t=5)"}, {"X-RateLimit-Remaining", "3"}, {"X-RateLimit-Reset", "9"}}) ==
        Left({3, 9s}));
}

TEST_CASE("a quota's name in quotes may look like anything") {
  CHECK(left_by({{"RateLimit", R"("x;r=1;t=1, remaining=2";r=50;t=30)"}}) == Left({50, 30s}));
  CHECK_FALSE(left_by({{"RateLimit", R"("x;r=1;t=1)"}}));
}

TEST_CASE("the pairs of headers are understood in their usual spellings") {
  CHECK(left_by({{"RateLimit-Remaining", "12"}, {"RateLimit-Reset", "5"}}) == Left({12, 5s}));
  CHECK(left_by({{"X-RateLimit-Remaining", " 12 "}, {"X-RateLimit-Reset", "5"}}) == Left({12, 5s}));
  CHECK(left_by({{"x-rate-limit-remaining", "12"}, {"x-rate-limit-reset", "5"}}) == Left({12, 5s}));
}

TEST_CASE("a reset may be a moment, in seconds or milliseconds since 1970") {
  CHECK(left_by_pair("3", "1795397917") == Left({3, 30s}));
  CHECK(left_by_pair("3", "1795397917250") == Left({3, 30250ms}));
  CHECK(left_by_pair("3", "1795397800") == Left({3, 0s}));
  CHECK(left_by_pair("3", "999999999") == Left({3, k_longest_retry_after}));
  CHECK(left_by_pair("3", "999999999999") == Left({3, k_longest_retry_after}));
  CHECK_FALSE(left_by_pair("3", "1795397917000000000"));
}

TEST_CASE("such a moment is taken against the answer's own Date, whatever our clock says") {
  CHECK(left_by({{"Date", "Sun, 06 Nov 1994 08:49:37 GMT"},
                 {"X-RateLimit-Remaining", "3"},
                 {"X-RateLimit-Reset", "1795397917"}}) == Left({3, k_longest_retry_after}));
  CHECK(left_by({{"Date", "Mon, 23 Nov 2026 01:38:00 GMT"},
                 {"X-RateLimit-Remaining", "3"},
                 {"X-RateLimit-Reset", "1795397917"}}) == Left({3, 37s}));
  CHECK(left_by({{"Date", "today"}, {"X-RateLimit-Remaining", "3"}, {"X-RateLimit-Reset", "1795397917"}}) ==
        Left({3, 30s}));
}

TEST_CASE("what cannot be read, or says only half of it, is as if it were not there") {
  CHECK_FALSE(left_by({}));
  CHECK_FALSE(left_by({{"RateLimit", ""}}));
  CHECK_FALSE(left_by({{"RateLimit", R"("default";r=50)"}}));
  CHECK_FALSE(left_by({{"RateLimit", R"("default";t=50)"}}));
  CHECK_FALSE(left_by({{"RateLimit", R"("default";r=-1;t=5)"}}));
  CHECK_FALSE(left_by({{"RateLimit", R"("default";r=1.5;t=5)"}}));
  CHECK_FALSE(left_by({{"RateLimit", R"("default";r=99999999999999999999;t=5)"}}));
  CHECK_FALSE(left_by({{"RateLimit", R"("default";r=;t=5)"}}));
  CHECK_FALSE(left_by({{"RateLimit-Policy", R"("default";q=100;w=10)"}}));
  CHECK_FALSE(left_by({{"X-RateLimit-Remaining", "5"}}));
  CHECK_FALSE(left_by({{"X-RateLimit-Remaining", "5"}, {"RateLimit-Reset", "5"}}));
  for (const auto* bad :
       {"", "-1", "+5", "5s", "five", "0x5", "5 5", "5, 100", "1e3", "Sun, 06 Nov 1994 08:49:37 GMT"}) {
    CHECK_FALSE(left_by_pair(bad, "5"));
    CHECK_FALSE(left_by_pair("5", bad));
  }
}

}  // namespace offboard
