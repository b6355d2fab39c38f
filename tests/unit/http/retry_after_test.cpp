#include <catch2/catch.hpp>
#include <http/retry_after.hpp>

namespace offboard {
namespace {

using namespace std::chrono_literals;
using Wait = std::optional<milliseconds>;

// Mon, 23 Nov 2026 01:38:07 GMT
const UtcTime k_now = UtcTime(milliseconds(1795397887000));

Wait wait_for(const std::string& value, const std::vector<Header>& others = {}) {
  HttpAnswer answer;
  answer.headers = others;
  answer.headers.push_back({"Retry-After", value});
  return retry_after(answer, k_now);
}

}  // namespace

TEST_CASE("Retry-After in whole seconds is that long") {
  CHECK(wait_for("0") == Wait(0s));
  CHECK(wait_for("1") == Wait(1s));
  CHECK(wait_for("57") == Wait(57s));
  CHECK(wait_for("  57\t") == Wait(57s));
  CHECK(wait_for("007") == Wait(7s));
  CHECK(wait_for("86400") == Wait(24h));
}

TEST_CASE("an answer without Retry-After asks for nothing") {
  CHECK_FALSE(retry_after(HttpAnswer{}, k_now));
}

TEST_CASE("Retry-After is found in any letter case") {
  HttpAnswer answer;
  answer.headers = {{"retry-AFTER", "5"}};
  CHECK(retry_after(answer, k_now) == Wait(5s));
}

TEST_CASE("a date is taken against our clock when the answer has no Date") {
  CHECK(wait_for("Mon, 23 Nov 2026 01:39:07 GMT") == Wait(60s));
  CHECK(wait_for("Monday, 23-Nov-26 01:39:07 GMT") == Wait(60s));
  CHECK(wait_for("Mon Nov 23 01:39:07 2026") == Wait(60s));
  CHECK(wait_for("Mon, 23 Nov 2026 01:39:07 GMT", {{"Date", "yesterday"}}) == Wait(60s));
}

TEST_CASE("a date is taken against the answer's own Date, whatever our clock says") {
  CHECK(wait_for("Sun, 06 Nov 1994 08:50:37 GMT", {{"Date", "Sun, 06 Nov 1994 08:49:37 GMT"}}) == Wait(60s));
  CHECK(wait_for("Mon, 23 Nov 2026 01:39:07 GMT", {{"date", " Mon, 23 Nov 2026 01:39:00 GMT "}}) == Wait(7s));
}

TEST_CASE("a date in the past asks for no wait") {
  CHECK(wait_for("Sun, 06 Nov 1994 08:49:37 GMT") == Wait(0s));
  CHECK(wait_for("Mon, 23 Nov 2026 01:38:07 GMT") == Wait(0s));
  CHECK(wait_for("Mon, 23 Nov 2026 01:38:07 GMT", {{"Date", "Mon, 23 Nov 2026 01:38:08 GMT"}}) == Wait(0s));
}

TEST_CASE("a fraction of a second is rounded up") {
  CHECK(wait_for("1.5") == Wait(2s));
  CHECK(wait_for("0.001") == Wait(1s));
}

TEST_CASE("a Retry-After that cannot be read asks for nothing") {
  for (const std::string value :
       {"", " ", "soon", "-1", "-0", "+5", "1.", ".5", "1.x", "5s", "5 seconds", "0x10", "1e3", "1,000",
        "1 2", "NaN", "Mon, 23 Nov 2026", "2026-11-23T01:39:07Z", "\xD9\xA5"}) {
    INFO(value);
    CHECK_FALSE(wait_for(value));
  }
}

TEST_CASE("a Retry-After beyond reason is the longest we know, and overflows nothing") {
  CHECK(wait_for("31622400") == Wait(k_longest_retry_after));
  CHECK(wait_for("31622401") == Wait(k_longest_retry_after));
  CHECK(wait_for("9223372036854775807") == Wait(k_longest_retry_after));
  CHECK(wait_for("9223372036854775808") == Wait(k_longest_retry_after));
  CHECK(wait_for(std::string(400, '9')) == Wait(k_longest_retry_after));
  CHECK(wait_for("Fri, 31 Dec 9999 23:59:59 GMT") == Wait(k_longest_retry_after));
  CHECK(wait_for("31622399") == Wait(k_longest_retry_after - 1s));
}

TEST_CASE("of a doubled Retry-After the last one counts") {
  HttpAnswer answer;
  answer.headers = {{"Retry-After", "10"}, {"Retry-After", "60"}};
  CHECK(retry_after(answer, k_now) == Wait(60s));
}

TEST_CASE("a request is never sent before the longer of two Retry-Afters") {
  HttpAnswer answer;
  answer.headers = {{"Retry-After", "60"}, {"Retry-After", "10"}};
  CHECK(retry_after(answer, k_now) == Wait(60s));
}

}  // namespace offboard
