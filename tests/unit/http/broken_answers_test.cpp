#include <catch2/catch.hpp>

#include "scripted_server.hpp"

namespace offboard::test {
namespace {

Expected<HttpAnswer, TransportFailure> exchange_with(const Step& step, std::size_t max_bytes = 1000,
                                                     milliseconds timeout = seconds(20)) {
  use_curl();
  ScriptedServer server({step});
  CurlTransport transport;
  auto request = patch(server.url());
  request.max_answer_bytes = max_bytes;
  request.timeout = timeout;
  return transport.exchange(request);
}

}  // namespace

TEST_CASE("an answer whose body is shorter than announced is cut") {
  const std::vector<std::string> answers = {
      "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"relationshipToPartner\":\"none\"}",
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
  };
  for (const auto& bytes : answers) {
    INFO(bytes);
    const auto result = exchange_with({bytes, Step::Then::close});
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == TransportFailureKind::cut);
  }
}

TEST_CASE("an answer that ends within its headers is cut, whatever its status says") {
  for (const std::string bytes :
       {"HTTP/1.1 200 OK\r\nContent-", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 404 Not Found\r\n",
        "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\n",
        "HTTP/1.1 429 Too Many Requests\r\nRetry-Af"}) {
    INFO(bytes);
    const auto result = exchange_with({bytes, Step::Then::close});
    CHECK_FALSE(result);
    if (!result) CHECK(result.error().kind == TransportFailureKind::cut);
  }
}

TEST_CASE("what is not HTTP is cut") {
  for (const std::string bytes : {"this is not HTTP\r\n\r\n", "{\"relationshipToPartner\":\"none\"}\r\n\r\n",
                                  "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/9.9 yes\r\n\r\n", "\r\n\r\n"}) {
    INFO(bytes);
    const auto result = exchange_with({bytes, Step::Then::close});
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == TransportFailureKind::cut);
  }
}

TEST_CASE("a body that is not compressed as it says is cut") {
  const auto result = exchange_with({answer("200 OK", "not gzip at all", "Content-Encoding: gzip\r\n")});
  REQUIRE_FALSE(result);
  CHECK(result.error().kind == TransportFailureKind::cut);
}

TEST_CASE("an answer that does not come in time is a timeout, wherever it stops") {
  for (const std::string bytes :
       {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"}) {
    INFO(bytes);
    const auto start = std::chrono::steady_clock::now();
    const auto result = exchange_with({bytes, Step::Then::hold}, 1000, milliseconds(30));
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == TransportFailureKind::timeout);
    CHECK(std::chrono::steady_clock::now() - start >= milliseconds(25));
  }
}

TEST_CASE("a body of exactly the limit is taken, one byte more is too large") {
  CHECK(exchange_with({answer("200 OK", std::string(1000, 'x'))})->body.size() == 1000);
  const auto result = exchange_with({answer("200 OK", std::string(1001, 'x'))});
  REQUIRE_FALSE(result);
  CHECK(result.error().kind == TransportFailureKind::too_large);
}

TEST_CASE("the limit of a body counts what it is after decompression") {
  const std::string start(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xed\xc1\x31\x01\x00\x00\x00\xc2\xa0\xac\xeb\x5f\xc2\x1a\x1e"
      "\x40\x01",
      27);
  const std::string end("\xaf\x06\x87\xfa\xe2\x1b\xa0\x86\x01\x00", 10);
  const auto bomb = start + std::string(96, '\0') + end;  // 100,000 letters a
  const auto headers = "Content-Encoding: gzip\r\n";
  const auto within = exchange_with({answer("200 OK", bomb, headers)}, 100'000);
  REQUIRE(within);
  CHECK(within->body == std::string(100'000, 'a'));
  const auto beyond = exchange_with({answer("200 OK", bomb, headers)}, 99'999);
  REQUIRE_FALSE(beyond);
  CHECK(beyond.error().kind == TransportFailureKind::too_large);
}

TEST_CASE("headers without end are too large") {
  std::string many;
  for (int i = 0; i < 40; ++i) many += "X-Filler: " + std::string(8000, 'x') + "\r\n";
  const auto result = exchange_with({answer("200 OK", "", many)});
  REQUIRE_FALSE(result);
  CHECK(result.error().kind == TransportFailureKind::too_large);
}

TEST_CASE("a transport failure's message is one printable line") {
  const auto result = exchange_with({"\x1B[31mHTTP nonsense\r\n\r\n", Step::Then::close});
  REQUIRE_FALSE(result);
  CHECK_FALSE(result.error().message.empty());
  for (const char c : result.error().message) CHECK(static_cast<unsigned char>(c) >= 0x20);
}

}  // namespace offboard::test
