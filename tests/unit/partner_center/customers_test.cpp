#include <partner_center/next_link.hpp>

#include "fake_service.hpp"

namespace offboard::test {
namespace {

const std::string k_other = "55555555-5555-4555-8555-555555555555";

std::string item(const std::string& id, const std::string& name,
                 const std::string& relationship = "reseller") {
  return R"({"id":")" + id + R"(","companyProfile":{"tenantId":")" + id +
         R"(","domain":"a.onmicrosoft.com",)" + R"("companyName":")" + name +
         R"("},"relationshipToPartner":")" + relationship + R"("})";
}

CustomerPage page_of(const std::string& items, const std::string& more = "") {
  return content_of<CustomerPage>(
      perform(What::customers, 200, R"({"totalCount":2,"items":[)" + items + "]" + more + "}"));
}

std::string link_to(const std::string& uri) {
  return R"(,"links":{"next":{"uri":")" + uri +
         R"(","method":"GET","headers":[{"key":"MS-ContinuationToken","value":"t"}]}})";
}

}  // namespace

TEST_CASE("the list of customers is asked for by pages of 500") {
  const StandingClock clock;
  FakeTransport transport(answered(200, R"({"items":[]})"));
  CHECK(Client(settings(), {}, clock).perform(ask_for(What::customers), transport).verdict == Verdict::taken);
  CHECK(transport.requests.front().url == k_base + "/v1/customers?size=500");
  CHECK(transport.requests.front().method == Method::get);
}

TEST_CASE("a page of customers is read with what it says of each") {
  const auto page = page_of(item(k_tenant, "Fabrikam") + "," + item(k_other, "Contoso", "advisor"));
  REQUIRE(page.items.size() == 2);
  CHECK(page.items[0].tenant.text() == k_tenant);
  CHECK(page.items[0].customer.company_name == "Fabrikam");
  CHECK(page.items[0].customer.domain == "a.onmicrosoft.com");
  CHECK(page.items[1].customer.relationship_to_partner == "advisor");
  CHECK_FALSE(page.next.has_value());
}

TEST_CASE("what cannot be read on a page of customers is left out, and the rest is taken") {
  const auto good = item(k_tenant, "Fabrikam");
  for (const std::string& bad :
       {std::string("17"), std::string("null"), std::string("{}"), std::string(R"({"id":"no guid"})"),
        R"({"id":")" + k_other + R"(","companyProfile":{"tenantId":")" + k_tenant + "\"}}",
        R"({"id":")" + k_other + R"(","companyProfile":"none"})",
        R"({"id":")" + k_other + R"(","ID":")" + k_other + "\"}"}) {
    INFO(bad);
    const auto page = page_of(bad + "," + good);
    REQUIRE(page.items.size() == 1);
    CHECK(page.items[0].tenant.text() == k_tenant);
  }
}

TEST_CASE("a customer that stands on a page twice counts once, and not at all if the two differ") {
  const auto one = item(k_tenant, "Fabrikam");
  CHECK(page_of(one + "," + one).items.size() == 1);
  const auto page = page_of(one + "," + item(k_other, "Contoso") + "," + item(k_tenant, "Somebody else"));
  REQUIRE(page.items.size() == 1);
  CHECK(page.items[0].tenant.text() == k_other);
}

TEST_CASE("an answer that is no page of customers is garbled") {
  for (const auto* body : {"", "[]", "{}", R"({"items":{}})", R"({"items":[],"links":7})", R"({"items":[)"})
    CHECK(garbled(perform(What::customers, 200, body)));
}

TEST_CASE("the next page of customers is found in both spellings, with its token") {
  for (const std::string& uri : {std::string("/customers?size=500&seekOperation=Next"),
                                 std::string("/v1/customers?size=500&seekOperation=Next")}) {
    const auto page = page_of("", link_to(uri));
    REQUIRE(page.next.has_value());
    CHECK(page.next->url == k_base + "/v1/customers?size=500&seekOperation=Next");
    CHECK(page.next->headers.front().value == "t");
  }
}

TEST_CASE("a link from the list of customers to anything else is not followed") {
  const std::vector<std::string> others = {"https://evil.example/v1/customers?size=500",
                                           "/v1/customers/" + k_tenant,
                                           "/v1/customers/" + k_tenant + "/x",
                                           "/v1/customers/..",
                                           "/v1/customers%2f..",
                                           "/v1/invoices",
                                           "/v1/customers2"};
  for (const auto& uri : others) {
    INFO(uri);
    const auto page = page_of("", link_to(uri));
    CHECK_FALSE(page.next.has_value());
    CHECK_FALSE(page.bad_next.empty());
  }
}

}  // namespace offboard::test
