#include <catch2/catch.hpp>
#include <http/url.hpp>
#include <vector>

namespace offboard {
namespace {

struct Case {
  std::string text;
  std::string scheme;
  std::string authority;
  std::string path;
  std::string query;
};

const std::vector<Case> k_cases = {
    {"https://api.example.com", "https", "api.example.com:443", "/", ""},
    {"https://api.example.com/", "https", "api.example.com:443", "/", ""},
    {"http://api.example.com", "http", "api.example.com:80", "/", ""},
    {"https://api.example.com:443/x", "https", "api.example.com:443", "/x", ""},
    {"https://api.example.com:80/x", "https", "api.example.com:80", "/x", ""},
    {"http://127.0.0.1:8080/v1?a=b&c=d", "http", "127.0.0.1:8080", "/v1", "a=b&c=d"},
    {"HTTPS://API.Example.COM/Path?Q=R", "https", "api.example.com:443", "/Path", "Q=R"},
    {"http://[::1]:8080/x", "http", "[::1]:8080", "/x", ""},
    {"https://[2001:DB8::1]/", "https", "[2001:db8::1]:443", "/", ""},
    {"https://h/a/b/../c", "https", "h:443", "/a/c", ""},
    {"https://h/a/./b", "https", "h:443", "/a/b", ""},
    {"https://h/../../a", "https", "h:443", "/a", ""},
    {"https://h/a%20b?c%26d", "https", "h:443", "/a%20b", "c%26d"},
    {"https://h/x?", "https", "h:443", "/x", ""},
    {"https://h/x?next=https://other/", "https", "h:443", "/x", "next=https://other/"},
    {"https://evil.example.com/?@api.example.com", "https", "evil.example.com:443", "/", "@api.example.com"},
    {"https://api.example.com.evil.example/", "https", "api.example.com.evil.example:443", "/", ""},
    {"http://0x7f.1/", "http", "127.0.0.1:80", "/", ""},
    {"http://2130706433/", "http", "127.0.0.1:80", "/", ""},
    {"http://0177.0.0.1/", "http", "127.0.0.1:80", "/", ""},
};

}  // namespace

TEST_CASE("an address is taken apart, in small letters where case does not matter, its port always given") {
  for (const auto& c : k_cases) {
    INFO(c.text);
    const auto url = parse_url(c.text);
    REQUIRE(url);
    CHECK(url->scheme == c.scheme);
    CHECK(url->authority == c.authority);
    CHECK(url->path == c.path);
    CHECK(url->query == c.query);
  }
}

TEST_CASE("an address put together again is the same address") {
  for (const auto& c : k_cases) {
    INFO(c.text);
    const auto url = parse_url(c.text);
    REQUIRE(url);
    CHECK(url->origin() == c.scheme + "://" + c.authority);
    const auto again = parse_url(url->text());
    REQUIRE(again);
    CHECK(again->text() == url->text());
  }
}

TEST_CASE("what is not a plain absolute web address is refused") {
  const std::vector<std::string> refused = {
      "",
      "/",
      "//host/x",
      "api.example.com",
      "/v1/customers",
      "ftp://host/",
      "file:///etc/passwd",
      "javascript:alert(1)",
      "mailto:a@b.example",
      "http://",
      "https://:443/",
      "http://user@host/",
      "http://user:password@host/",
      "http://:password@host/",
      "https://api.example.com@evil.example/",
      "https://api.example.com:443@evil.example/",
      "https://host/#part",
      "https://host\\@evil.example/",
      "https:\\\\host\\x",
      "https://host/a\\b",
      "https://ho st/",
      "https://host/a b",
      " https://host/",
      "https://host/ ",
      "https://host/\r\nX: y",
      "https://host/\t",
      "https://host/\x7F",
      "https://host:99999/",
      "https://host:-1/",
      "https://host:http/",
      "https://[::1/",
      "https://[::1]x/",
      "https://[nonsense]/",
      "https:/host/x",
      "https:///host/x",
      "https://127%2e1/",
      "http://0177.0.0%2e1/",
      std::string("https://host/\0x", 15),
  };
  for (const auto& text : refused) {
    INFO(text);
    CHECK_FALSE(parse_url(text));
  }
}

TEST_CASE("text is encoded byte by byte, all but what may stand in a form as it is") {
  CHECK(url_encoded("AZaz09-._~") == "AZaz09-._~");
  CHECK(url_encoded(" +&=%/?#") == "%20%2B%26%3D%25%2F%3F%23");
  CHECK(url_encoded("\xC3\xA9\n") == "%C3%A9%0A");
  CHECK(url_encoded(std::string_view("\0\xFF", 2)) == "%00%FF");
  CHECK(url_encoded("") == "");
}

}  // namespace offboard
