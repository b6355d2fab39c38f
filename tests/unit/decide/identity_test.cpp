#include "facts_for_tests.hpp"

namespace offboard::test {
namespace {

std::string outcome_with(const std::string& name, const std::string& domain, const Customer& customer) {
  auto tenant = listed();
  tenant.company_name = name;
  tenant.domain = domain;
  auto facts = nothing_there();
  facts.customer = customer;
  return outcome(tenant, facts);
}

Customer fabrikam() {
  auto customer = nothing_there().customer;
  customer.custom_domains = {"fabrikam.com", "Fabrikam.SE"};
  return customer;
}

}  // namespace

TEST_CASE("a list without expectations accepts any name and domain, also none") {
  CHECK(outcome_with("", "", fabrikam()) == "ready");
  auto nameless = fabrikam();
  nameless.company_name = nameless.domain = "";
  nameless.custom_domains.clear();
  CHECK(outcome_with("", "", nameless) == "ready");
}

TEST_CASE("a name or domain as expected, but for letter case and outer spaces, is the one on the list") {
  CHECK(outcome_with("Fabrikam, Inc.", "fabrikam.onmicrosoft.com", fabrikam()) == "ready");
  CHECK(outcome_with("FABRIKAM, INC.", "FABRIKAM.onmicrosoft.COM", fabrikam()) == "ready");
  auto padded = fabrikam();
  padded.company_name = "\xC2\xA0 Fabrikam, Inc. ";
  padded.domain = " fabrikam.onmicrosoft.com ";
  CHECK(outcome_with("Fabrikam, Inc.", "fabrikam.onmicrosoft.com", padded) == "ready");
  auto swedish = fabrikam();
  swedish.company_name = "\xC3\x96RESUND AB";
  CHECK(outcome_with("\xC3\xB6resund ab", "", swedish) == "ready");
}

TEST_CASE("another name is a mismatch") {
  for (const std::string name : {"Fabrikam", "Fabrikam, Inc", "Fabrikam, Inc. AB", "Fabrikam,Inc.", "Contoso",
                                 "F\xC3\xA1"
                                 "brikam, Inc."}) {
    INFO(name);
    CHECK(outcome_with(name, "", fabrikam()) == "identity-mismatch");
  }
}

TEST_CASE("a domain may be any of the customer's own") {
  for (const std::string domain :
       {"fabrikam.onmicrosoft.com", "fabrikam.com", "FABRIKAM.com", "fabrikam.se"}) {
    INFO(domain);
    CHECK(outcome_with("", domain, fabrikam()) == "ready");
  }
  for (const std::string domain :
       {"fabrikam", "onmicrosoft.com", "mail.fabrikam.com", "fabrikam.com.evil.example", "xfabrikam.com"}) {
    INFO(domain);
    CHECK(outcome_with("", domain, fabrikam()) == "identity-mismatch");
  }
}

TEST_CASE("a name or domain that the list expects and the answer lacks is a mismatch") {
  auto nameless = fabrikam();
  nameless.company_name = "";
  CHECK(outcome_with("Fabrikam, Inc.", "", nameless) == "identity-mismatch");
  auto without_domains = fabrikam();
  without_domains.domain = "";
  CHECK(outcome_with("", "fabrikam.com", without_domains) == "ready");
  without_domains.custom_domains.clear();
  CHECK(outcome_with("", "fabrikam.com", without_domains) == "identity-mismatch");
}

TEST_CASE("name and domain are two mismatches, and each says what is expected and what was found") {
  auto tenant = listed();
  tenant.company_name = "Contoso";
  tenant.domain = "contoso.com";
  const auto found = blockers(tenant, nothing_there());
  REQUIRE(found.size() == 2);
  for (const auto& blocker : found) CHECK(blocker.code == BlockerCode::identity_mismatch);
  CHECK(found[0].object_id != found[1].object_id);
  CHECK_THAT(found[0].object_name, Catch::Contains("Contoso") && Catch::Contains("Fabrikam, Inc."));
  CHECK_THAT(found[1].object_name,
             Catch::Contains("contoso.com") && Catch::Contains("fabrikam.onmicrosoft.com"));
  CHECK(found[0].object_status == "Fabrikam, Inc.");
}

}  // namespace offboard::test
