#include <partner_center/next_link.hpp>

#include "fake_service.hpp"

namespace offboard::test {
namespace {

const std::string k_own = "/customers/" + k_tenant + "/subscriptions";

Expected<std::string, std::string> address(
    const std::string& uri, const std::string& base = "https://api.partnercenter.microsoft.com") {
  return next_page_address(*parse_url(base), *Guid::parse(k_tenant), uri);
}

}  // namespace

TEST_CASE("a link is made absolute, with the version only where it is missing") {
  const auto expected = k_base + "/v1" + k_own + "?page=2";
  for (const std::string& uri :
       {k_own + "?page=2", "/v1" + k_own + "?page=2", k_own.substr(1) + "?page=2", "v1" + k_own + "?page=2",
        k_base + "/v1" + k_own + "?page=2", k_base + k_own + "?page=2",
        "https://api.partnercenter.microsoft.com/v1" + k_own + "?page=2",
        "HTTPS://API.PartnerCenter.Microsoft.COM/v1" + k_own + "?page=2",
        "//api.partnercenter.microsoft.com/v1" + k_own + "?page=2"}) {
    INFO(uri);
    CHECK(address(uri).value_or("refused") == expected);
  }
}

TEST_CASE("the path in front of the service's is kept, whether the link has it or not") {
  const std::string base = "https://proxy.example/partner/center";
  const auto expected = "https://proxy.example:443/partner/center/v1" + k_own;
  for (const std::string& uri :
       {k_own, "/v1" + k_own, "/partner/center/v1" + k_own, "/partner/center" + k_own,
        "https://proxy.example/partner/center/v1" + k_own}) {
    INFO(uri);
    CHECK(address(uri, base).value_or("refused") == expected);
  }
}

TEST_CASE("a link's query goes along as it stands") {
  CHECK(address(k_own + "?size=500&seekOperation=Next&x=%2e%2E/..").value_or("refused") ==
        k_base + "/v1" + k_own + "?size=500&seekOperation=Next&x=%2e%2E/..");
  CHECK(address(k_own + "?u=https://evil.example/").value_or("refused") ==
        k_base + "/v1" + k_own + "?u=https://evil.example/");
}

TEST_CASE("a link to another host is refused, and the host is told") {
  for (const std::string start :
       {"https://evil.example", "//evil.example", "https://evil.example:443", "HTTPS://EVIL.EXAMPLE",
        "https://api.partnercenter.microsoft.com.evil.example",
        "https://evil.example/api.partnercenter.microsoft.com"}) {
    INFO(start);
    const auto found = address(start + "/v1" + k_own);
    REQUIRE_FALSE(found);
    CHECK_THAT(found.error(), Catch::Contains("evil.example"));
  }
}

TEST_CASE("a link to the same host by another scheme or port is refused") {
  for (const std::string start :
       {"http://api.partnercenter.microsoft.com", "http://api.partnercenter.microsoft.com:443",
        "https://api.partnercenter.microsoft.com:8443", "ftp://api.partnercenter.microsoft.com",
        "https://api.partnercenter.microsoft.com."}) {
    INFO(start);
    CHECK_FALSE(address(start + "/v1" + k_own));
  }
}

TEST_CASE("a link that could be read in two ways is refused") {
  for (const std::string start :
       {"https://api.partnercenter.microsoft.com@evil.example",
        "https://evil.example\\@api.partnercenter.microsoft.com",
        "https://api.partnercenter.microsoft.com\\.evil.example", "/\\evil.example", "\\\\evil.example",
        "https://user:pw@api.partnercenter.microsoft.com", "/%5c%5cevil.example", "https:evil.example",
        "https:/evil.example", "javascript:"}) {
    INFO(start);
    CHECK_FALSE(address(start + "/v1" + k_own));
  }
  for (const std::string& uri : {k_own + "\r\nHost: evil.example", k_own + " x", "\t" + k_own, k_own + "#x",
                                 std::string("/v1") + k_own + std::string("\0", 1)})
    CHECK_FALSE(address(uri));
}

TEST_CASE("a link that is empty, or only a query or a part, is refused") {
  for (const std::string uri :
       {"", "/", "?page=2", "#", ".", "..", "x", "/v1", "/v1/", "/v1/customers", "/v1/customers?size=500"}) {
    INFO(uri);
    CHECK_FALSE(address(uri));
  }
}

TEST_CASE("a link to another customer's pages is refused, straight or by dots") {
  const std::string other = "/customers/" + k_other_tenant + "/subscriptions";
  for (const std::string& uri :
       {other, "/v1" + other, k_base + "/v1" + other,
        "/v1/customers/" + k_tenant + "/../" + k_other_tenant + "/subscriptions",
        "/v1" + k_own + "/../../" + k_other_tenant + "/subscriptions",
        "/v1/customers/" + k_tenant + "x/subscriptions", "/v1/customers/" + k_tenant,
        "/v1/customers/" + k_tenant + "/..", "/v1/customers/" + k_tenant + "/../x/",
        "/v1" + k_own + "/../../../invoices/", "/v2" + k_own, "/v1/v1" + k_own, "/x/v1" + k_own}) {
    INFO(uri);
    CHECK_FALSE(address(uri));
  }
}

TEST_CASE("dots and slashes in disguise are refused in a path, in any letter case") {
  for (const std::string dots :
       {"%2e%2e", "%2E%2E", ".%2e", "%2e.", "%2e", "%2f..%2f", "..%2F", "%5c", "..%5C"}) {
    INFO(dots);
    CHECK_FALSE(address("/v1/customers/" + k_tenant + "/" + dots + "/" + k_other_tenant + "/subscriptions"));
  }
}

TEST_CASE("dots that stay within the customer's pages do no harm") {
  CHECK(address("/v1/customers/" + k_tenant + "/x/../subscriptions").value_or("refused") ==
        k_base + "/v1" + k_own);
  CHECK(
      address("/v1/customers/" + k_other_tenant + "/../" + k_tenant + "/subscriptions").value_or("refused") ==
      k_base + "/v1" + k_own);
}

TEST_CASE("the customer may be spelled in capitals") {
  const auto base = *parse_url("https://api.partnercenter.microsoft.com");
  const auto tenant = *Guid::parse("abcdefab-1111-4111-8111-111111111111");
  CHECK(next_page_address(base, tenant, "/customers/ABCDEFAB-1111-4111-8111-111111111111/subscriptions?p=2"));
}

}  // namespace offboard::test
