#include <catch2/catch.hpp>

#include "scripted_server.hpp"

namespace offboard::test {
namespace {

/// The value of a header in a request as it was received.
std::vector<std::string> sent_values(const std::string& request, const std::string& name) {
  std::vector<std::string> values;
  const auto start = "\r\n" + name + ": ";
  for (auto at = request.find(start); at != std::string::npos; at = request.find(start, at + 1)) {
    const auto from = at + start.size();
    values.push_back(request.substr(from, request.find("\r\n", from) - from));
  }
  return values;
}

HttpAnswer one_answer(const std::string& bytes, Step::Then then = Step::Then::keep) {
  use_curl();
  ScriptedServer server({{bytes, then}});
  CurlTransport transport;
  const auto result = transport.exchange(get(server.url()));
  REQUIRE(result);
  return *result;
}

}  // namespace

TEST_CASE("a request reaches the server as it was given, and the answer comes back whole") {
  use_curl();
  ScriptedServer server({{answer("200 OK", "{\"a\":1}", "Content-Type: application/json\r\n")}});
  CurlTransport transport;
  auto request = patch(server.url("/v1/customers/1?x=%20y"));
  request.headers = {{"MS-RequestId", "abc"}, {"Content-Type", "application/json; charset=utf-8"}};
  const auto result = transport.exchange(request);
  REQUIRE(result);
  CHECK(result->status == 200);
  CHECK(result->body == "{\"a\":1}");
  CHECK(*result->header("content-type") == "application/json");
  REQUIRE(server.requests().size() == 1);
  const auto received = server.requests()[0];
  CHECK(received.substr(0, received.find("\r\n")) == "PATCH /v1/customers/1?x=%20y HTTP/1.1");
  CHECK(sent_values(received, "MS-RequestId") == std::vector<std::string>{"abc"});
  CHECK(sent_values(received, "Content-Type") == std::vector<std::string>{"application/json; charset=utf-8"});
  CHECK(sent_values(received, "Content-Length") ==
        std::vector<std::string>{std::to_string(request.body.size())});
  CHECK(received.substr(received.find("\r\n\r\n") + 4) == request.body);
}

TEST_CASE("each method goes out by its own name, and only a GET without a body") {
  use_curl();
  ScriptedServer server({{answer("200 OK", "")}});
  CurlTransport transport;
  auto request = patch(server.url());
  for (const auto method : {Method::patch, Method::get, Method::post, Method::get}) {
    request.method = method;
    REQUIRE(transport.exchange(request));
  }
  const auto requests = server.requests();
  REQUIRE(requests.size() == 4);
  const std::vector<std::string> verbs = {"PATCH ", "GET ", "POST ", "GET "};
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(requests[i].substr(0, verbs[i].size()) == verbs[i]);
    CHECK(requests[i].ends_with(request.body) == (i % 2 == 0));
    CHECK(requests[i].ends_with("\r\n\r\n") == (i % 2 == 1));
  }
}

TEST_CASE("no header of one request goes out with the next") {
  use_curl();
  ScriptedServer server({{answer("200 OK", "")}});
  CurlTransport transport;
  auto first = patch(server.url());
  first.headers = {{"Authorization", "Bearer one"}};
  REQUIRE(transport.exchange(first));
  REQUIRE(transport.exchange(get(server.url())));
  CHECK(server.requests()[1].find("Authorization") == std::string::npos);
  CHECK(server.requests()[1].find("Content-Type") == std::string::npos);
}

TEST_CASE("a large body goes out at once, without waiting to be told to continue") {
  use_curl();
  ScriptedServer server({{answer("200 OK", "")}});
  CurlTransport transport;
  auto request = patch(server.url());
  request.body = std::string(2'000'000, 'x');
  REQUIRE(transport.exchange(request));
  CHECK(server.requests()[0].find("Expect:") == std::string::npos);
  CHECK(server.requests()[0].size() > 2'000'000);
}

TEST_CASE("an answer of any status is an answer") {
  for (const std::string status : {"201 Created", "400 Bad Request", "401 Unauthorized", "404 Not Found",
                                   "429 Too Many Requests", "500 Oops", "503 Service Unavailable", "599 x"}) {
    INFO(status);
    const auto got = one_answer(answer(status, "text"));
    CHECK(std::to_string(got.status) == status.substr(0, 3));
    CHECK(got.body == "text");
  }
}

TEST_CASE("a redirect is returned and not followed") {
  for (const std::string status :
       {"301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"}) {
    INFO(status);
    use_curl();
    ScriptedServer elsewhere({{answer("200 OK", "elsewhere")}});
    ScriptedServer server({{answer(status, "", "Location: " + elsewhere.url() + "\r\n")}});
    CurlTransport transport;
    for (const auto& request : {get(server.url()), patch(server.url())}) {
      const auto result = transport.exchange(request);
      REQUIRE(result);
      CHECK(std::to_string(result->status) == status.substr(0, 3));
      CHECK(*result->header("Location") == elsewhere.url());
    }
    CHECK(server.requests().size() == 2);
    CHECK(elsewhere.connections() == 0);
  }
}

TEST_CASE("a compressed answer is decoded") {
  const std::string gzip(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\xca\x48\xcd\xc9\xc9\x57\xb2\x52\x2a\xcf\x2f\xca\x49"
      "\x51"
      "\xaa\x05\x00\xd1\x41\x09\xd8\x11\x00\x00\x00",
      37);
  CHECK(one_answer(answer("200 OK", gzip, "Content-Encoding: gzip\r\n")).body == R"({"hello":"world"})");
}

TEST_CASE("the server is told that compressed answers are welcome") {
  use_curl();
  ScriptedServer server({{answer("200 OK", "")}});
  CurlTransport transport;
  REQUIRE(transport.exchange(get(server.url())));
  REQUIRE(sent_values(server.requests()[0], "Accept-Encoding").size() == 1);
  CHECK_THAT(sent_values(server.requests()[0], "Accept-Encoding")[0], Catch::Contains("gzip"));
}

TEST_CASE("a chunked answer, and one that ends with its connection, come back whole") {
  CHECK(one_answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
            .body == "abcde");
  CHECK(one_answer("HTTP/1.1 200 OK\r\n\r\nabcde", Step::Then::close).body == "abcde");
}

TEST_CASE("zero bytes in a body survive") {
  CHECK(one_answer(answer("200 OK", std::string("a\0b", 3))).body == std::string("a\0b", 3));
}

TEST_CASE("what an interim answer says is not the answer's") {
  const auto got =
      one_answer("HTTP/1.1 100 Continue\r\nRetry-After: 99\r\n\r\n" + answer("200 OK", "x", "X-Own: 1\r\n"));
  CHECK(got.status == 200);
  CHECK(got.header("Retry-After") == nullptr);
  CHECK(*got.header("X-Own") == "1");
}

}  // namespace offboard::test
