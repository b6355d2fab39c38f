#include <catch2/catch.hpp>

#include "scripted_server.hpp"

namespace offboard::test {

TEST_CASE("a header is found in any letter case, and its last value counts") {
  HttpAnswer given;
  given.headers = {{"retry-after", "1"}, {"Date", "x"}, {"RETRY-AFTER", "2"}, {"X-Retry-After", "3"}};
  REQUIRE(given.header("Retry-After") != nullptr);
  CHECK(*given.header("Retry-After") == "2");
  CHECK(*given.header("DATE") == "x");
  CHECK(given.header("Retry") == nullptr);
  CHECK(HttpAnswer{}.header("Date") == nullptr);
}

TEST_CASE("headers come from the wire without outer spaces, in the order sent") {
  use_curl();
  ScriptedServer server({{answer("200 OK", "", "x-one:1\r\nX-TWO:   two: 2 \r\nX-Empty:\r\nX-One: 3\r\n")}});
  CurlTransport transport;
  const auto result = transport.exchange(get(server.url()));
  REQUIRE(result);
  CHECK(*result->header("X-Two") == "two: 2");
  CHECK(result->header("x-empty")->empty());
  CHECK(*result->header("x-one") == "3");
  CHECK(result->headers[0].value == "1");
}

TEST_CASE("every kind of transport failure has a name of its own") {
  CHECK(name_of(TransportFailureKind::not_sent) == "not-sent");
  CHECK(name_of(TransportFailureKind::not_trusted) == "not-trusted");
  CHECK(name_of(TransportFailureKind::timeout) == "timeout");
  CHECK(name_of(TransportFailureKind::cut) == "cut");
  CHECK(name_of(TransportFailureKind::too_large) == "too-large");
  CHECK(name_of(TransportFailureKind::cancelled) == "cancelled");
}

}  // namespace offboard::test
