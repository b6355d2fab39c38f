#include <base/time.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace offboard {
namespace {

using namespace std::chrono_literals;

UtcTime at(std::int64_t ms_since_1970) {
  return UtcTime(milliseconds(ms_since_1970));
}

struct Named {
  std::int64_t ms;
  std::string text;
};

const std::vector<Named> k_moments = {
    {0, "1970-01-01T00:00:00.000Z"},
    {1, "1970-01-01T00:00:00.001Z"},
    {-1, "1969-12-31T23:59:59.999Z"},
    {1795397887123, "2026-11-23T01:38:07.123Z"},
    {951782400000, "2000-02-29T00:00:00.000Z"},
    {1709164800050, "2024-02-29T00:00:00.050Z"},
    {4107542399999, "2100-02-28T23:59:59.999Z"},
    {9214646400000, "2262-01-01T00:00:00.000Z"},
};

}  // namespace

TEST_CASE("a time is written in ISO 8601, UTC, to the millisecond, and read back as the same") {
  for (const auto& moment : k_moments) {
    INFO(moment.text);
    CHECK(iso_text(at(moment.ms)) == moment.text);
    CHECK(parse_iso(moment.text) == at(moment.ms));
    CHECK(date_text(at(moment.ms)) == moment.text.substr(0, 10));
  }
}

TEST_CASE("the last moment of the year 9999 is written as that") {
  const auto last = at(253402300799999);
  CHECK(parse_iso("9999-12-31T23:59:59.999Z") == last);
  CHECK(iso_text(last) == "9999-12-31T23:59:59.999Z");
}

TEST_CASE("a text that is not exactly an ISO time of ours is no time") {
  for (const std::string text : {"",
                                 "2026-11-23",
                                 "2026-11-23T01:38:07Z",
                                 "2026-11-23T01:38:07.12Z",
                                 "2026-11-23T01:38:07.1234Z",
                                 "2026-11-23T01:38:07.123",
                                 "2026-11-23T01:38:07.123z",
                                 "2026-11-23 01:38:07.123Z",
                                 "2026-11-23T01:38:07,123Z",
                                 "2026-11-23T01:38:07.12xZ",
                                 "2026-11-23T01:38:07.-12Z",
                                 "2026-13-23T01:38:07.123Z",
                                 "2026-00-23T01:38:07.123Z",
                                 "2026-11-32T01:38:07.123Z",
                                 "2026-11-00T01:38:07.123Z",
                                 "2026-11-23T24:38:07.123Z",
                                 "2026-11-23T01:60:07.123Z",
                                 "2026-11-23T01:38:62.123Z",
                                 "2026-11-23T01:38:07.123Z ",
                                 "23.11.2026T01:38:07.123Z"}) {
    INFO(text);
    CHECK_FALSE(parse_iso(text));
  }
}

TEST_CASE("a day that its month does not have is no time") {
  CHECK_FALSE(parse_iso("2026-02-29T00:00:00.000Z"));
  CHECK_FALSE(parse_iso("2026-02-30T00:00:00.000Z"));
  CHECK_FALSE(parse_iso("2026-04-31T00:00:00.000Z"));
}

TEST_CASE("an ISO time padded with spaces is no time") {
  CHECK_FALSE(parse_iso("2026- 1-23T01:38:07.123Z"));
  CHECK_FALSE(parse_iso("2026-11-23T 1:38:07.123Z"));
}

TEST_CASE("an HTTP date is read in all three forms") {
  const auto when = at(784111777000);
  CHECK(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT") == when);
  CHECK(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT") == when);
  CHECK(parse_http_date("Sun Nov  6 08:49:37 1994") == when);
}

TEST_CASE("an HTTP date of today is not taken for one of a century ago") {
  CHECK(parse_http_date("Monday, 23-Nov-26 01:38:07 GMT") == at(1795397887000));
  CHECK(parse_http_date("Mon, 23 Nov 2026 01:38:07 GMT") == at(1795397887000));
}

TEST_CASE("what is no HTTP date is refused") {
  for (const std::string text :
       {"", "120", "-1", "soon", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994",
        "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Nov 1994 08:49:37 GMT x", "2026-11-23T01:38:07.123Z",
        "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 32 Nov 1994 08:49:37 GMT", "Xyz, 06 Foo 1994 08:49:37 GMT"}) {
    INFO(text);
    CHECK_FALSE(parse_http_date(text));
  }
}

TEST_CASE("a text with a zero byte in it is no date") {
  CHECK_FALSE(parse_http_date(std::string_view("Sun, 06 Nov 1994 08:49:37 GMT\0 junk", 35)));
  CHECK_FALSE(parse_iso(std::string_view("2026-11-23T01:38:7\0.123Z", 24)));
}

TEST_CASE("a duration is shown in the largest units it needs") {
  CHECK(duration_text(0ms) == "0.0 s");
  CHECK(duration_text(3200ms) == "3.2 s");
  CHECK(duration_text(59900ms) == "59.9 s");
  CHECK(duration_text(60s) == "1m 00s");
  CHECK(duration_text(61999ms) == "1m 01s");
  CHECK(duration_text(3599s) == "59m 59s");
  CHECK(duration_text(3600s) == "1h 00m 00s");
  CHECK(duration_text(3849s) == "1h 04m 09s");
  CHECK(duration_text(100h) == "100h 00m 00s");
}

TEST_CASE("no duration below a minute is shown as sixty seconds") {
  CHECK(duration_text(59999ms) != "60.0 s");
}

}  // namespace offboard
