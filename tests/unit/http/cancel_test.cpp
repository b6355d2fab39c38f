#include <catch2/catch.hpp>

#include "scripted_server.hpp"

namespace offboard::test {
namespace {

milliseconds since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - start);
}

}  // namespace

TEST_CASE("an exchange under way returns promptly when another thread cancels it") {
  use_curl();
  for (const std::string bytes : {"", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"}) {
    ScriptedServer server({{bytes, Step::Then::hold}});
    CurlTransport transport;
    bool arrived = false;
    std::chrono::steady_clock::time_point cancelled_at;
    std::thread other([&] {
      arrived = server.wait_for_requests(1);
      cancelled_at = std::chrono::steady_clock::now();
      transport.cancel();
    });
    const auto result = transport.exchange(get(server.url()));
    const auto returned_at = std::chrono::steady_clock::now();
    other.join();
    CHECK(arrived);
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == TransportFailureKind::cancelled);
    CHECK(returned_at - cancelled_at < milliseconds(300));
  }
}

TEST_CASE("with no exchange under way, the next one is cancelled and sends nothing") {
  use_curl();
  ScriptedServer server({{answer("200 OK", "")}});
  CurlTransport transport;
  transport.cancel();
  const auto start = std::chrono::steady_clock::now();
  const auto result = transport.exchange(patch(server.url()));
  REQUIRE_FALSE(result);
  CHECK(result.error().kind == TransportFailureKind::cancelled);
  CHECK(since(start) < milliseconds(300));
  CHECK(server.requests().empty());
}

TEST_CASE("a cancellation ends one exchange and not the one after it") {
  use_curl();
  ScriptedServer server({{answer("200 OK", "whole")}});
  CurlTransport transport;
  transport.cancel();
  transport.cancel();
  REQUIRE_FALSE(transport.exchange(get(server.url())));
  const auto result = transport.exchange(get(server.url()));
  REQUIRE(result);
  CHECK(result->body == "whole");
}

TEST_CASE("what a cancelled exchange had received does not turn up in the next") {
  use_curl();
  ScriptedServer server({{"HTTP/1.1 200 OK\r\nX-Old: 1\r\nContent-Length: 9\r\n\r\nold", Step::Then::hold},
                         {answer("200 OK", "new")}});
  CurlTransport transport;
  std::thread other([&] {
    if (server.wait_for_requests(1)) transport.cancel();
  });
  const auto first = transport.exchange(get(server.url()));
  other.join();
  REQUIRE_FALSE(first);
  const auto second = transport.exchange(get(server.url()));
  REQUIRE(second);
  CHECK(second->body == "new");
  CHECK(second->header("X-Old") == nullptr);
}

}  // namespace offboard::test
