#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "scripted_server.hpp"

namespace offboard::test {
namespace {

const std::string k_fine = answer("200 OK", "{}");

/// The kinds of death of a connection after a request arrived and before its answer did.
const std::vector<std::pair<std::string, Step>> k_deaths = {
    {"closed without a byte", {"", Step::Then::close}},
    {"reset without a byte", {"", Step::Then::reset}},
    {"closed within the status line", {"HTTP/1.", Step::Then::close}},
    {"reset within the body", {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", Step::Then::reset}},
};

}  // namespace

TEST_CASE("requests that may be kept alive go over one connection") {
  use_curl();
  ScriptedServer server({{k_fine}});
  CurlTransport transport;
  for (int i = 0; i < 3; ++i) REQUIRE(transport.exchange(get(server.url())));
  CHECK(server.requests().size() == 3);
  CHECK(server.connections() == 1);
}

TEST_CASE("a request over a fresh connection takes no used one and leaves none behind") {
  use_curl();
  ScriptedServer server({{k_fine}});
  CurlTransport transport;
  REQUIRE(transport.exchange(patch(server.url())));
  REQUIRE(transport.exchange(patch(server.url())));
  CHECK(server.connections() == 2);
  REQUIRE(transport.exchange(get(server.url())));
  CHECK(server.connections() == 3);
}

TEST_CASE("a PATCH over a fresh connection reaches the server exactly once when the connection dies") {
  use_curl();
  for (const auto& [name, death] : k_deaths) {
    INFO(name);
    ScriptedServer server({death, {k_fine}});
    CurlTransport transport;
    const auto result = transport.exchange(patch(server.url()));
    CHECK(count_of("PATCH", server.requests()) == 1);
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == TransportFailureKind::cut);
    CHECK_FALSE(result.error().message.empty());
  }
}

TEST_CASE(
    "a PATCH reaches the server exactly once when the connection dies, after kept-alive exchanges too") {
  use_curl();
  const auto last_read = GENERATE(Step::Then::keep, Step::Then::close);
  for (const auto& [name, death] : k_deaths) {
    INFO(name);
    ScriptedServer server({{k_fine}, {k_fine, last_read}, death, {k_fine}});
    CurlTransport transport;
    REQUIRE(transport.exchange(get(server.url())));
    REQUIRE(transport.exchange(get(server.url())));
    const auto result = transport.exchange(patch(server.url()));
    CHECK(count_of("PATCH", server.requests()) == 1);
    CHECK(server.connections() == 2);
    CHECK_FALSE(result);
    // And the transport is good for the next request.
    REQUIRE(transport.exchange(get(server.url())));
    CHECK(count_of("PATCH", server.requests()) == 1);
  }
}

TEST_CASE("a read whose kept-alive connection was closed in between is answered over another") {
  use_curl();
  ScriptedServer server({{k_fine, Step::Then::close}, {k_fine}});
  CurlTransport transport;
  REQUIRE(transport.exchange(get(server.url())));
  REQUIRE(transport.exchange(get(server.url())));
  CHECK(server.requests().size() == 2);
  CHECK(server.connections() == 2);
}

TEST_CASE("where nobody listens nothing is sent") {
  use_curl();
  const int bound = ::socket(AF_INET, SOCK_STREAM, 0);  // takes the port and does not listen
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  REQUIRE(::bind(bound, plain, size) == 0);
  REQUIRE(::getsockname(bound, plain, &size) == 0);
  CurlTransport transport;
  const auto result =
      transport.exchange(patch("http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/"));
  ::close(bound);
  REQUIRE_FALSE(result);
  CHECK(result.error().kind == TransportFailureKind::not_sent);
}

TEST_CASE("where TLS does not come about nothing is sent") {
  use_curl();
  ScriptedServer server({{"HTTP/1.1 400 Bad Request\r\n\r\n", Step::Then::close}},
                        ScriptedServer::Speaks::first);
  CurlTransport transport;
  const auto result = transport.exchange(patch(server.url("/", "https")));
  REQUIRE_FALSE(result);
  CHECK(result.error().kind == TransportFailureKind::not_sent);
}

TEST_CASE("only http and https are spoken") {
  use_curl();
  CurlTransport transport;
  for (const std::string url :
       {"file:///etc/hostname", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "nonsense"}) {
    INFO(url);
    CHECK_FALSE(transport.exchange(get(url)));
  }
}

}  // namespace offboard::test
