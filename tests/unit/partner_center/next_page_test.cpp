#include "fake_service.hpp"

namespace offboard::test {
namespace {

const std::string k_uri = "/customers/" + k_tenant + "/subscriptions?page=2";

std::string page_with(const std::string& links) {
  return R"({"items":[],"links":)" + links + "}";
}

std::string next(const std::string& members) {
  return page_with(R"({"self":{"uri":"/x"},"next":{"uri":")" + k_uri + "\"" + members + "}}");
}

SubscriptionPage read_page_body(const std::string& body) {
  return content_of<SubscriptionPage>(perform(What::subscriptions, 200, body));
}

std::string with_header(const std::string& name, const std::string& value) {
  return next(R"(,"headers":[{"key":")" + name + R"(","value":")" + value + "\"}]");
}

}  // namespace

TEST_CASE("a page without a link, or with an empty one, is the last") {
  for (const std::string& body : {std::string(R"({"items":[]})"), page_with("null"), page_with("{}"),
                                  page_with(R"({"next":null})"), page_with(R"({"self":{"uri":"/x"}})")}) {
    INFO(body);
    const auto page = read_page_body(body);
    CHECK_FALSE(page.next);
    CHECK(page.bad_next.empty());
  }
}

TEST_CASE("the link to the next page is taken with its headers, in order") {
  const auto page =
      read_page_body(next(R"(,"method":"GET","headers":[{"key":"MS-ContinuationToken","value":"a=b;c"},)"
                          R"({"key":"ms-other","value":"2"}])"));
  REQUIRE(page.next);
  CHECK(page.next->url == k_base + "/v1" + k_uri);
  REQUIRE(page.next->headers.size() == 2);
  CHECK(page.next->headers[0].name == "MS-ContinuationToken");
  CHECK(page.next->headers[0].value == "a=b;c");
  CHECK(page.next->headers[1].name == "ms-other");
  CHECK(page.bad_next.empty());
}

TEST_CASE("both kinds of collection follow their links") {
  const auto reply = perform(
      What::entitlements, 200,
      page_with(R"({"Next":{"Uri":"/v1/customers/)" + k_tenant + R"(/entitlements?p=2","Method":"get"}})"));
  CHECK(content_of<EntitlementPage>(reply).next->url ==
        k_base + "/v1/customers/" + k_tenant + "/entitlements?p=2");
}

TEST_CASE("a link without headers brings none") {
  for (const std::string members : {"", R"(,"headers":null)", R"(,"headers":[])", R"(,"method":null)"}) {
    INFO(members);
    const auto page = read_page_body(next(members));
    REQUIRE(page.next);
    CHECK(page.next->headers.empty());
  }
}

TEST_CASE("headers of the connection, of our identity or of our request are not taken from a link") {
  for (const std::string name : {"Authorization",
                                 "authorization",
                                 "Host",
                                 "Content-Length",
                                 "Transfer-Encoding",
                                 "Connection",
                                 "Cookie",
                                 "Content-Type",
                                 "X-HTTP-Method-Override",
                                 "Proxy-Authorization",
                                 "Expect",
                                 "MS-RequestId",
                                 "ms-requestid",
                                 "MS-CorrelationId",
                                 "MS-CORRELATIONID",
                                 "",
                                 "MS Token",
                                 "MS-Token:x",
                                 "MS-Token\\r\\nHost",
                                 "MS-\\u00e9"}) {
    INFO(name);
    const auto page = read_page_body(with_header(name, "x"));
    CHECK_FALSE(page.next);
    CHECK_FALSE(page.bad_next.empty());
  }
}

TEST_CASE("a header whose value would begin another header is not taken") {
  for (const std::string value :
       {"x\\r\\nAuthorization: y", "x\\ny", "x\\ry", "\\u0000", "x\\u007f", "\\t"}) {
    INFO(value);
    const auto page = read_page_body(with_header("MS-ContinuationToken", value));
    CHECK_FALSE(page.next);
    CHECK_FALSE(page.bad_next.empty());
  }
}

TEST_CASE("a link that cannot be followed leaves the page taken, and says why") {
  for (const std::string& link :
       {std::string("{}"), std::string(R"({"uri":""})"), std::string(R"({"uri":null})"),
        std::string(R"({"uri":[]})"), R"({"uri":")" + k_uri + R"(","method":"POST"})",
        R"({"uri":")" + k_uri + R"(","method":"DELETE"})", R"({"uri":")" + k_uri + R"(","headers":{}})",
        R"({"uri":")" + k_uri + R"(","headers":"x"})", R"({"uri":")" + k_uri + R"(","headers":[1]})",
        R"({"uri":")" + k_uri + R"(","headers":[{}]})",
        std::string(R"({"uri":"https://evil.example/v1/customers/)") + k_tenant + R"(/subscriptions"})",
        std::string(R"({"uri":"/v1/customers/)") + k_other_tenant + R"(/subscriptions"})"}) {
    INFO(link);
    const auto page = read_page_body(page_with(R"({"next":)" + link + "}"));
    CHECK_FALSE(page.next);
    CHECK_FALSE(page.bad_next.empty());
  }
}

TEST_CASE("links of the wrong shape are an answer of the wrong shape") {
  for (const auto what : k_pages) {
    for (const std::string links : {R"("x")", "[]", "1", R"({"next":"/customers/x"})", R"({"next":[]})",
                                    R"({"next":true})", R"({"next":{"uri":"/a","uri":"/b"}})"}) {
      INFO(name_of(what) << " " << links);
      CHECK(garbled(perform(what, 200, page_with(links))));
    }
  }
}

}  // namespace offboard::test
