#include <catch2/catch.hpp>
#include <http/url.hpp>
#include <vector>

namespace offboard {
namespace {

const std::string k_origin = "https://api.example.com:443";

Url base(const std::string& text = "https://api.example.com") {
  return *parse_url(text);
}

std::string resolved(const std::string& reference,
                     const std::string& from = "https://api.example.com/base/x") {
  const auto url = resolve(base(from), reference);
  return url ? url->text() : "nothing";
}

}  // namespace

TEST_CASE("a reference within the host is made absolute") {
  CHECK(resolved("/v1/customers") == k_origin + "/v1/customers");
  CHECK(resolved("/v1/customers?size=2&x=/y") == k_origin + "/v1/customers?size=2&x=/y");
  CHECK(resolved("/v1", "http://127.0.0.1:8080") == "http://127.0.0.1:8080/v1");
  CHECK(resolved("/v1", "http://[::1]:8080/a") == "http://[::1]:8080/v1");
  CHECK(resolved("https://api.example.com/v1") == k_origin + "/v1");
}

TEST_CASE("the dots of a reference are resolved, and never lead above the root") {
  CHECK(resolved("/a/../b") == k_origin + "/b");
  CHECK(resolved("/a/./b") == k_origin + "/a/b");
  CHECK(resolved("/../../../b") == k_origin + "/b");
  CHECK(resolved("/a/b/..") == k_origin + "/a/");
}

TEST_CASE("a reference to another host is seen to be one") {
  for (const std::string reference :
       {"//evil.example/v1", "https://evil.example/v1", "HTTPS://EVIL.example/v1",
        "https://evil.example:443/v1", "//evil.example:443/v1",
        "https://evil.example/https://api.example.com/v1"}) {
    INFO(reference);
    const auto url = resolve(base(), reference);
    REQUIRE(url);
    CHECK(url->authority == "evil.example:443");
    CHECK(url->origin() != base().origin());
  }
}

TEST_CASE("another scheme or port is another origin") {
  for (const std::string reference : {"http://api.example.com/v1", "https://api.example.com:8443/v1",
                                      "http://api.example.com:443/v1", "https://api.example.com./v1",
                                      "https://api.example.com.evil.example/", "https://xapi.example.com/"}) {
    INFO(reference);
    const auto url = resolve(base(), reference);
    REQUIRE(url);
    CHECK(url->origin() != base().origin());
  }
}

TEST_CASE("the same origin in another spelling is the same origin") {
  for (const std::string reference : {"https://API.example.COM/v1", "https://api.example.com:443/v1",
                                      "HTTPS://api.example.com/v1", "//api.example.com/v1"}) {
    INFO(reference);
    const auto url = resolve(base(), reference);
    REQUIRE(url);
    CHECK(url->origin() == base().origin());
    CHECK(url->path == "/v1");
  }
}

TEST_CASE("a reference that two readers could read differently is refused") {
  for (const std::string reference :
       {"\\\\evil.example/v1", "/\\evil.example/v1", "\\/evil.example", "https:\\\\evil.example/",
        "https://api.example.com\\@evil.example/", "https://user@evil.example/", "//user:pw@evil.example/",
        "https://api.example.com@evil.example/", "https://api.example.com:443@evil.example/v1", "/v1#part",
        "/v1 x", "/v1\r\nHost: evil.example", "\t//evil.example/", "ftp://api.example.com/",
        "file:///etc/passwd"}) {
    INFO(reference);
    CHECK_FALSE(resolve(base(), reference));
  }
}

}  // namespace offboard
