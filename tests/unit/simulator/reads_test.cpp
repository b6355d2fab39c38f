#include <catch2/catch.hpp>

#include "client.hpp"

using namespace offboard;
using namespace offboard::simulator;

namespace {

const std::string k_reads_world = R"(
customers:
  - id: A0000001-0000-4000-8000-000000000001
    company_name: Fabrikam, Inc.
    domain: fabrikam.onmicrosoft.com
    custom_domains: [fabrikam.com]
    subscriptions:
      - {id: s1, offer_id: o1, status: active, billing_type: license, is_trial: true, product_type: OnlineServicesNCE}
      - {id: s2, status: null}
      - {id: s3}
    entitlements:
      - {type: reservedinstance, order_id: r1, product_id: p, sku_id: "007J", reservation_type: virtualmachines}
      - {type: software, order_id: w1}
  - id: a0000002-0000-4000-8000-000000000002
)";

const std::string k_paged = "page_size: 2\n" + k_reads_world;

nlohmann::json next_link(const Reply& reply) {
  return body_of(reply).at("links").at("next");
}

Headers next_headers(const Reply& reply) {
  const auto header = next_link(reply).at("headers").at(0);
  return {{header.at("key").get<std::string>(), header.at("value").get<std::string>()}};
}

std::string next_uri(const std::string& form) {
  Client client("next_link_form: " + form + "\n" + k_paged);
  return next_link(client.subscriptions(k_first)).at("uri").get<std::string>();
}

const std::string k_page_2 = std::string("/v1/customers/") + k_first + "/subscriptions?seekOperation=Next";

}  // namespace

TEST_CASE("a customer is read in camelCase behind a byte order mark") {
  Client client(k_reads_world);
  const Reply reply = client.customer(k_first);
  REQUIRE(reply.status == 200);
  CHECK(reply.body.substr(0, 3) == "\xEF\xBB\xBF");
  const auto body = body_of(reply);
  CHECK(body.at("id") == k_first);
  CHECK(body.at("companyProfile").at("companyName") == "Fabrikam, Inc.");
  CHECK(body.at("companyProfile").at("domain") == "fabrikam.onmicrosoft.com");
  CHECK(body.at("customDomains") == nlohmann::json::array({"fabrikam.com"}));
  CHECK(body.at("relationshipToPartner") == "reseller");
}

TEST_CASE("a customer may be asked for in any letter case and with a trailing slash") {
  Client client(k_reads_world);
  CHECK(client.get("/v1/customers/A0000001-0000-4000-8000-000000000001/").status == 200);
  CHECK(client.last().customer == k_first);
}

TEST_CASE("the byte order mark can be turned off and on") {
  Client off("bom: false\n" + k_reads_world);
  CHECK(off.customer(k_first).body.front() == '{');
  Client patch("bom: {patch: true}\n" + k_reads_world);
  CHECK(patch.patch(k_second, "1").body.substr(0, 3) == "\xEF\xBB\xBF");
}

TEST_CASE("fields that the world leaves out are absent, and null ones are null") {
  Client client(k_reads_world);
  const auto body = body_of(client.subscriptions(k_first));
  CHECK(body.at("totalCount") == 3);
  CHECK(body.at("items").at(0).at("productType").at("id") == "OnlineServicesNCE");
  CHECK(body.at("items").at(0).at("isTrial") == true);
  CHECK(body.at("items").at(1).at("status").is_null());
  CHECK_FALSE(body.at("items").at(2).contains("status"));
  CHECK_FALSE(body_of(client.customer(k_second)).at("companyProfile").contains("companyName"));
}

TEST_CASE("entitlements carry order, type and reservation type, and can be asked for by type") {
  Client client(k_reads_world);
  const std::string address = std::string("/v1/customers/") + k_first + "/entitlements";
  const auto all = body_of(client.get(address));
  REQUIRE(all.at("items").size() == 2);
  CHECK(all.at("items").at(0).at("referenceOrder").at("id") == "r1");
  CHECK(all.at("items").at(0).at("dynamicAttributes").at("reservationType") == "virtualmachines");
  CHECK(body_of(client.get(address + "?entitlementType=Software")).at("totalCount") == 1);
}

TEST_CASE("request and correlation ids come back, and are made up if there were none") {
  Client client(k_reads_world);
  const Reply given =
      client.get("/v1/customers/relationshiprequests", {{"ms-requestid", "r"}, {"MS-CORRELATIONID", "c"}});
  CHECK(given.headers.find("MS-RequestId") == "r");
  CHECK(given.headers.find("MS-CorrelationId") == "c");
  CHECK(client.last().request_id == "r");
  CHECK(client.last().correlation_id == "c");
  CHECK(client.customer(k_first).headers.find("MS-RequestId").value_or("").size() == 36);
}

TEST_CASE("an unknown customer and an unknown address are 404") {
  Client client(k_reads_world);
  CHECK(body_of(client.customer("a0000099-0000-4000-8000-000000000099")).at("code") == "1000");
  for (const char* target : {"/", "/v1", "/v1/customer", "/customers/x", "/v1//v1/customers/x", "no-slash",
                             "/v1/customers/x/orders", "/v1/customers//subscriptions"})
    CHECK(client.get(target).status == 404);
}

TEST_CASE("a large collection comes in pages whose token travels in a header") {
  Client client(k_paged);
  const Reply first = client.subscriptions(k_first);
  CHECK(body_of(first).at("items").size() == 2);
  CHECK(body_of(first).at("totalCount") == 3);
  CHECK(next_link(first).at("method") == "GET");
  const Reply second = client.get(k_page_2, next_headers(first));
  CHECK(body_of(second).at("items").at(0).at("id") == "s3");
  CHECK_FALSE(body_of(second).at("links").contains("next"));
}

TEST_CASE("a page without its token, or with another collection's, is refused") {
  Client client(k_paged);
  const Reply first = client.subscriptions(k_first);
  CHECK(client.get(k_page_2).status == 400);
  CHECK(client.get(k_page_2, {{"MS-ContinuationToken", "made-up"}}).status == 400);
  const std::string other = std::string("/v1/customers/") + k_second + "/subscriptions?seekOperation=Next";
  CHECK(client.get(other, next_headers(first)).status == 400);
}

TEST_CASE("the next link is written in every form that a client has to face") {
  const std::string tail = std::string("customers/") + k_first + "/subscriptions?seekOperation=Next";
  CHECK(next_uri("plain") == "/" + tail);
  CHECK(next_uri("v1") == "/v1/" + tail);
  CHECK(next_uri("absolute") == "http://localhost/v1/" + tail);
  CHECK(next_uri("foreign_host") == "https://partner-center.invalid/v1/" + tail);
  CHECK(next_uri("path_of_other_customer").find(k_second) != std::string::npos);
}

TEST_CASE("a looping next link leads to its own page for ever") {
  Client client("next_link_form: loop\n" + k_paged);
  const Reply first = client.subscriptions(k_first);
  const Reply second = client.get(k_page_2, next_headers(first));
  CHECK(next_link(second) == next_link(first));
}

TEST_CASE("a world can announce more than it delivers, or nothing") {
  Client more(k_reads_world + "    announce_extra: 2\n");
  CHECK(body_of(more.subscriptions(k_second)).at("totalCount") == 2);
  CHECK(body_of(more.subscriptions(k_second)).at("items").empty());
  Client nothing("total_count: false\n" + k_reads_world);
  CHECK_FALSE(body_of(nothing.subscriptions(k_first)).contains("totalCount"));
}

TEST_CASE("the link for a new relationship is given") {
  Client client(k_reads_world);
  const auto body = body_of(client.get("/v1/customers/relationshiprequests"));
  CHECK(body.at("url").get<std::string>().find("invType=ResellerRelationship") != std::string::npos);
}
