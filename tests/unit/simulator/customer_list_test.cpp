#include <catch2/catch.hpp>

#include "client.hpp"

using namespace offboard;
using namespace offboard::simulator;

namespace {

const std::string k_three = R"(
customers:
  - {id: a0000001-0000-4000-8000-000000000001, company_name: One, domain: one.onmicrosoft.com, custom_domains: [one.se]}
  - {id: a0000002-0000-4000-8000-000000000002, relationship: advisor}
  - {id: a0000003-0000-4000-8000-000000000003}
)";

const std::string k_two_a_page = "customer_list: {page_size: 2}\n" + k_three;

Headers token_of(const Reply& reply) {
  const auto header = body_of(reply).at("links").at("next").at("headers").at(0);
  return {{header.at("key").get<std::string>(), header.at("value").get<std::string>()}};
}

}  // namespace

TEST_CASE("the list of customers says of each what the customer alone does, but for its own domains") {
  Client client(k_three);
  const auto body = body_of(client.get("/v1/customers?size=500"));
  CHECK(body.at("totalCount") == 3);
  const auto& first = body.at("items").at(0);
  CHECK(first.at("id") == k_first);
  CHECK(first.at("companyProfile").at("companyName") == "One");
  CHECK(first.at("relationshipToPartner") == "reseller");
  CHECK_FALSE(first.contains("customDomains"));
  CHECK_FALSE(first.contains("allowDelegatedAccess"));
  CHECK(body.at("items").at(1).at("relationshipToPartner") == "advisor");
  CHECK_FALSE(body.at("links").contains("next"));
  CHECK(client.last().kind == Kind::customers);
  REQUIRE(client.last().told.size() == 3);
  CHECK(client.last().told[0].company_name == "One");
}

TEST_CASE("the list of customers comes in pages of the size asked for, but no larger than the world's") {
  for (const auto* target : {"/v1/customers?size=500", "/v1/customers?size=2", "/v1/customers"}) {
    Client client(k_two_a_page);
    const auto first = client.get(target);
    CHECK(body_of(first).at("items").size() == 2);
    CHECK(body_of(first).at("links").at("next").at("uri") == "/customers?size=2&seekOperation=Next");
    const auto second = client.get("/v1/customers?size=2&seekOperation=Next", token_of(first));
    CHECK(body_of(second).at("items").size() == 1);
    CHECK_FALSE(body_of(second).at("links").contains("next"));
  }
}

TEST_CASE(
    "a customer that is removed while the list is read is not on its next page, and nobody is skipped") {
  Client client(k_two_a_page);
  const auto first = client.get("/v1/customers?size=2");
  CHECK(client.patch(k_second, "r1").status == 200);
  const auto second = body_of(client.get("/v1/customers?size=2&seekOperation=Next", token_of(first)));
  REQUIRE(second.at("items").size() == 1);
  CHECK(second.at("items").at(0).at("id") == "a0000003-0000-4000-8000-000000000003");
  CHECK(body_of(client.get("/v1/customers?size=2")).at("totalCount") == 2);
}

TEST_CASE("a next page without its token is refused") {
  Client client(k_two_a_page);
  CHECK(client.get("/v1/customers?size=2&seekOperation=Next").status == 400);
  CHECK(client.get("/v1/customers?size=2&seekOperation=Next", {{"MS-ContinuationToken", "x"}}).status == 400);
}

TEST_CASE("a world may have no list of customers, or one without the relationships") {
  Client without("customer_list: {offered: false}\n" + k_three);
  CHECK(without.get("/v1/customers?size=500").status == 404);
  Client silent("customer_list: {relationship: false}\n" + k_three);
  CHECK_FALSE(
      body_of(silent.get("/v1/customers?size=500")).at("items").at(0).contains("relationshipToPartner"));
}

TEST_CASE("the list of customers meets faults and throttles like any other address") {
  Client client("faults: [{match: {kind: customers}, first: 1, fault: status, status: 503}]\n" + k_three);
  CHECK(client.get("/v1/customers?size=500").status == 503);
  CHECK(client.last().fault == "status");
  CHECK(client.get("/v1/customers?size=500").status == 200);
}
