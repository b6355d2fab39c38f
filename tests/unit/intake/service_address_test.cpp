#include "intake/service_address.hpp"

#include <catch2/catch.hpp>
#include <string>

namespace offboard {
namespace {

std::string address(std::string_view text) {
  const auto result = service_address(text);
  return result ? *result : "refused";
}

std::string trouble(std::string_view text) {
  const auto result = service_address(text);
  return result ? "" : result.error();
}

TEST_CASE("an https address is taken, its scheme and host in lower case and without a slash at the end") {
  CHECK(address("https://api.partnercenter.microsoft.com") == "https://api.partnercenter.microsoft.com");
  CHECK(address("HTTPS://Login.Example.COM:8443/Some/Path//") == "https://login.example.com:8443/Some/Path");
  CHECK(address("https://[2001:db8::1]:443/") == "https://[2001:db8::1]:443");
}

TEST_CASE("plain http is taken for loopback alone") {
  CHECK(address("http://127.0.0.1:8700/") == "http://127.0.0.1:8700");
  CHECK(address("http://127.255.255.255") == "http://127.255.255.255");
  CHECK(address("http://LocalHost:1") == "http://localhost:1");
  CHECK(address("http://[::1]:65535/") == "http://[::1]:65535");
  for (const auto* text :
       {"http://example.com", "http://localhost.evil.example", "http://127.0.0.1.evil.example",
        "http://127.1", "http://127.0.0.256", "http://127.0.0.01", "http://0177.0.0.1", "http://2130706433",
        "http://localhost.", "http://[::2]", "http://[::ffff:127.0.0.1]", "http://128.0.0.1",
        "http://127.0.0.1.", "http://127.0.0.0.1"}) {
    INFO(text);
    CHECK(address(text) == "refused");
  }
}

TEST_CASE("user info is refused, whatever stands before it") {
  const std::string refusal = "an address must not have a user name or password in it";
  CHECK(trouble("https://user:pw@example.com") == refusal);
  CHECK(trouble("http://127.0.0.1@evil.example/") == refusal);
  CHECK(trouble("http://localhost:80@evil.example/") == refusal);
}

TEST_CASE("query, fragment, backslash and spaces are refused") {
  CHECK(trouble("https://example.com/?a=b") == "an address here must not have a query");
  CHECK(trouble("https://example.com#a") == "an address here must not have a fragment");
  CHECK(trouble("http://127.0.0.1\\@evil.example") == "a backslash has no place in an address");
  CHECK(trouble("https://exa mple.com") == "an address must be plain ASCII without spaces");
  CHECK(trouble("https://ex\tample.com") == "an address must be plain ASCII without spaces");
  CHECK(trouble("https://exämple.com") == "an address must be plain ASCII without spaces");
  CHECK(trouble("https://example.com/%2e%2e") == "the path has a character that is not allowed here");
}

TEST_CASE("other schemes, hosts and ports that are none are refused") {
  CHECK(trouble("ftp://example.com") == "an address must begin with https://");
  CHECK(trouble("example.com") == "an address must begin with https://");
  CHECK(trouble("https:/example.com") == "an address must begin with https://");
  CHECK(trouble("https://") == "the address has no host");
  CHECK(trouble("https:///path") == "the address has no host");
  CHECK(trouble("https://:443") == "the address has no host");
  for (const auto* host : {"-a.com", "a-.com", "a..com", "a_b.com", "a%41.com", "[::g]", "[::1", "[::1]x"}) {
    INFO(host);
    CHECK(trouble(std::string("https://") + host) == "the host is not a valid name");
  }
  for (const auto* port : {":", ":0", ":65536", ":080", ":x", ":-1", ":99999999999"}) {
    INFO(port);
    CHECK(trouble(std::string("https://a.com") + port) == "the port must be a number from 1 to 65535");
  }
}

TEST_CASE("what stands in brackets must be an address") {
  CHECK(address("https://[fe80::1]") == "https://[fe80::1]");
  CHECK(address("https://[::ffff:192.0.2.1]:8443/x") == "https://[::ffff:192.0.2.1]:8443/x");
  for (const auto* host :
       {"[:::]", "[1:2]", "[1::2::3]", "[12345::]", "[::1.2.3]", "[]", "[::1%25eth0]", "[127.0.0.1]"}) {
    INFO(host);
    CHECK(trouble(std::string("https://") + host) == "the host is not a valid name");
  }
}

TEST_CASE("a number is a host only as four numbers in their usual spelling") {
  CHECK(address("https://192.0.2.1:8443") == "https://192.0.2.1:8443");
  CHECK(address("https://1.example.com") == "https://1.example.com");
  for (const auto* host :
       {"127.1", "0177.0.0.1", "2130706433", "0x7f.1", "0x7F000001", "1.2.3.4.5", "1.2.3.256", "a.1"}) {
    INFO(host);
    CHECK(trouble(std::string("https://") + host) == "the host is not a valid name");
  }
}

TEST_CASE("a domain has at least two labels") {
  CHECK(is_domain_name("contoso.onmicrosoft.com"));
  CHECK(is_domain_name("xn--exmple-cua.com"));
  for (const auto* text : {"common", "", ".", "a.", ".b", "a b.com", "a.com/x", "a.com\n", "a.com?x"}) {
    INFO(text);
    CHECK_FALSE(is_domain_name(text));
  }
  CHECK_FALSE(is_domain_name(std::string(64, 'a') + ".com"));
}

}  // namespace
}  // namespace offboard
