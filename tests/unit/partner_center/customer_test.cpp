#include "fake_service.hpp"

namespace offboard::test {
namespace {

std::string customer_with(const std::string& members) {
  return R"({"id":")" + k_tenant + R"(","relationshipToPartner":"reseller")" + members + "}";
}

Reply read_customer_body(const std::string& body) {
  return perform(What::customer, 200, body);
}

}  // namespace

TEST_CASE("a customer is read with its name, its domains and its relationship") {
  const auto customer = content_of<Customer>(read_customer_body(
      R"({"id":")" + k_tenant + R"(","commerceId":"x","companyProfile":{"tenantId":")" + k_tenant +
      R"(","domain":"fabrikam.onmicrosoft.com","companyName":"Fabrikam, \u00c5B"},)"
      R"("relationshipToPartner":"reseller","allowDelegatedAccess":true,"customDomains":["fabrikam.com","f.se"]})"));
  CHECK(customer.company_name ==
        "Fabrikam, \xC3\x85"
        "B");
  CHECK(customer.domain == "fabrikam.onmicrosoft.com");
  CHECK(customer.relationship_to_partner == "reseller");
  CHECK(customer.custom_domains == std::vector<std::string>{"fabrikam.com", "f.se"});
}

TEST_CASE("what the service leaves out of a customer is empty") {
  const auto customer =
      content_of<Customer>(read_customer_body(R"({"id":")" + k_tenant + R"(","companyProfile":null})"));
  CHECK(customer.company_name.empty());
  CHECK(customer.domain.empty());
  CHECK(customer.custom_domains.empty());
  CHECK(customer.relationship_to_partner.empty());
}

TEST_CASE("the answer must be about the customer that was asked for, wherever it names one") {
  CHECK(read_customer_body(customer_with("")).verdict == Verdict::taken);
  CHECK(read_customer_body(customer_with(R"(,"companyProfile":{"tenantId":")" + k_tenant + "\"}")).verdict ==
        Verdict::taken);
  CHECK(garbled(
      read_customer_body(customer_with(R"(,"companyProfile":{"tenantId":")" + k_other_tenant + "\"}"))));
  CHECK(garbled(
      read_customer_body(R"({"id":")" + k_other_tenant + R"(","relationshipToPartner":"reseller"})")));
  CHECK(garbled(read_customer_body(R"({"id":")" + k_other_tenant + R"(","companyProfile":{"tenantId":")" +
                                   k_tenant + "\"}}")));
  CHECK(garbled(read_customer_body(R"({"id":"not a guid","relationshipToPartner":"reseller"})")));
  CHECK(garbled(read_customer_body(R"({"id":7,"relationshipToPartner":"reseller"})")));
  CHECK(read_customer_body(R"({"companyProfile":{"tenantId":")" + k_tenant + "\"}}").verdict ==
        Verdict::taken);
}

TEST_CASE("a customer whose id is in capitals is the same customer") {
  auto ask = ask_for(What::customer);
  ask.tenant = *Guid::parse("abcdefab-1111-4111-8111-111111111111");
  const auto body = R"({"id":"ABCDEFAB-1111-4111-8111-111111111111","relationshipToPartner":"reseller"})";
  CHECK(perform(ask, answered(200, body)).verdict == Verdict::taken);
}

TEST_CASE("an answer that names no customer at all is not one") {
  CHECK(garbled(read_customer_body(R"({"relationshipToPartner":"reseller"})")));
  CHECK(garbled(read_customer_body(R"({"id":null,"companyProfile":null,"relationshipToPartner":"none"})")));
  CHECK(garbled(read_customer_body(R"({"id":"","relationshipToPartner":"none"})")));
}

TEST_CASE("a customer whose relationship is none is taken as just that") {
  CHECK(content_of<Customer>(
            read_customer_body(R"({"id":")" + k_tenant + R"(","relationshipToPartner":"none"})"))
            .relationship_to_partner == "none");
}

TEST_CASE("a company profile that is no object, or has a key twice, is of the wrong shape") {
  for (const std::string& profile :
       {std::string("[]"), std::string("\"x\""), std::string("1"),
        R"({"tenantId":")" + k_other_tenant + R"(","tenantId":")" + k_tenant + "\"}",
        std::string(R"({"companyName":"Fabrikam","CompanyName":"Contoso"})")}) {
    INFO(profile);
    CHECK(garbled(read_customer_body(customer_with(R"(,"companyProfile":)" + profile))));
  }
}

TEST_CASE("custom domains that are no texts are passed over") {
  const auto customer = content_of<Customer>(
      read_customer_body(customer_with(R"(,"customDomains":["a.se",1,null,{"x":1},"b.se"])")));
  CHECK(customer.custom_domains == std::vector<std::string>{"a.se", "b.se"});
  CHECK(content_of<Customer>(read_customer_body(customer_with(R"(,"customDomains":"a.se")")))
            .custom_domains.empty());
}

}  // namespace offboard::test
