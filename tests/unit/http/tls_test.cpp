#include <catch2/catch.hpp>

#include "scripted_server.hpp"
#include "tls_server.hpp"

namespace offboard::test {
namespace {

std::shared_ptr<CurlShare> trusting(const std::filesystem::path& ca_file) {
  use_curl();
  return std::make_shared<CurlShare>(ca_file);
}

}  // namespace

TEST_CASE("a removal's fresh connection resumes the TLS session of an earlier one, another transport's too") {
  const TlsServer server;
  const auto share = trusting(server.ca_file());
  CurlTransport one(share);
  CurlTransport other(share);
  REQUIRE(one.exchange(get(server.url())));
  REQUIRE(other.exchange(patch(server.url())));
  REQUIRE(one.exchange(patch(server.url())));
  const auto handshakes = server.handshakes();
  REQUIRE(handshakes.size() == 3);
  CHECK_FALSE(handshakes[0].is_resumed);
  CHECK(handshakes[1].is_resumed);
  CHECK(handshakes[2].is_resumed);
  for (const auto& handshake : handshakes) CHECK(handshake.requests.size() == 1);
}

TEST_CASE("a session that another transport has makes nobody believe a server that he does not trust") {
  const TlsServer server;
  const TlsServer stranger;
  CurlTransport trusting_transport(trusting(server.ca_file()));
  CurlTransport of_another(trusting(stranger.ca_file()));
  CurlTransport of_the_system(trusting({}));
  REQUIRE(trusting_transport.exchange(get(server.url())));
  for (auto* transport : {&of_another, &of_the_system}) {
    const auto refused = transport->exchange(patch(server.url()));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == TransportFailureKind::not_trusted);
  }
  REQUIRE(trusting_transport.exchange(get(server.url())));
  std::size_t requests = 0;
  for (const auto& handshake : server.handshakes()) requests += handshake.requests.size();
  CHECK(requests == 2);
}

TEST_CASE("a session with one server is not offered to another") {
  const TlsServer server;
  const TlsServer other;
  CurlTransport transport(trusting(server.ca_file()));
  REQUIRE(transport.exchange(get(server.url())));
  REQUIRE_FALSE(transport.exchange(get(other.url())));
  CHECK(transport.exchange(patch(server.url())));
  CHECK(server.handshakes().back().is_resumed);
}

TEST_CASE("HTTP/2 is offered for what may go twice, and never over a fresh connection") {
  const TlsServer server;
  CurlTransport transport(trusting(server.ca_file()));
  REQUIRE(transport.exchange(get(server.url())));
  REQUIRE(transport.exchange(patch(server.url())));
  const auto handshakes = server.handshakes();
  REQUIRE(handshakes.size() == 2);
  CHECK(handshakes[0].offered == std::vector<std::string>{"h2", "http/1.1"});
  CHECK(handshakes[1].offered == std::vector<std::string>{"http/1.1"});
}

TEST_CASE("without TLS nobody is asked to speak HTTP/2") {
  use_curl();
  ScriptedServer server({{answer("200 OK", "{}")}});
  CurlTransport transport;
  REQUIRE(transport.exchange(get(server.url())));
  REQUIRE(transport.exchange(patch(server.url())));
  for (const auto& request : server.requests()) {
    CHECK(request.find(" HTTP/1.1\r\n") != std::string::npos);
    CHECK(request.find("Upgrade") == std::string::npos);
  }
}

TEST_CASE("transports in many threads share sessions, whenever each comes and goes") {
  const TlsServer server;
  const auto share = trusting(server.ca_file());
  constexpr std::size_t k_threads = 8;
  constexpr std::size_t k_exchanges = 6;
  std::vector<std::size_t> answered(k_threads);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < k_threads; ++i) {
    threads.emplace_back([&, i] {
      CurlTransport transport(share);
      for (std::size_t j = 0; j < k_exchanges; ++j)
        answered[i] += transport.exchange(patch(server.url())) ? 1U : 0U;
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(answered == std::vector<std::size_t>(k_threads, k_exchanges));
  // OpenSSL gives up a session once a connection that resumed it has been given a newer one. Whoever is about
  // to resume it just then has to do without, so only what comes after all others is certain.
  CurlTransport last(share);
  REQUIRE(last.exchange(patch(server.url())));
  const auto handshakes = server.handshakes();
  CHECK(handshakes.size() == k_threads * k_exchanges + 1);
  CHECK(handshakes.back().is_resumed);
}

}  // namespace offboard::test
