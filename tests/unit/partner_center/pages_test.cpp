#include "fake_service.hpp"

namespace offboard::test {
namespace {

SubscriptionPage subscriptions(const std::string& body) {
  return content_of<SubscriptionPage>(perform(What::subscriptions, 200, body));
}

EntitlementPage entitlements(const std::string& body) {
  return content_of<EntitlementPage>(perform(What::entitlements, 200, body));
}

std::string product_type(const std::string& json) {
  return subscriptions(R"({"items":[{"id":"x","productType":)" + json + "}]}").items[0].product_type;
}

}  // namespace

TEST_CASE("a legacy subscription is read as the service writes it") {
  const auto page = subscriptions(
      R"({"totalCount":1,"items":[{"id":"83ef9d05","offerId":"031C9E47-4802-4248-838E-778FB1D2CC05",)"
      R"("entitlementId":"a356ac8c","offerName":"Office 365","friendlyName":"nickname","quantity":1,"unitType":"none",)"
      R"("status":"active","autoRenewEnabled":false,"billingType":"none","orderId":"6183db3d",)"
      R"("links":{"self":{"uri":"/x"}},"attributes":{"etag":"<etag>","objectType":"Subscription"}}],)"
      R"("links":{"self":{"uri":"/customers/x/subscriptions","method":"GET","headers":[]}},)"
      R"("attributes":{"objectType":"Collection"}})");
  REQUIRE(page.items.size() == 1);
  const auto& item = page.items[0];
  CHECK(item.id == "83ef9d05");
  CHECK(item.offer_id == "031C9E47-4802-4248-838E-778FB1D2CC05");
  CHECK(item.offer_name == "Office 365");
  CHECK(item.friendly_name == "nickname");
  CHECK(item.status == "active");
  CHECK(item.billing_type == "none");
  CHECK(item.unit_type == "none");
  CHECK(item.product_type.empty());
  CHECK(page.announced == 1);
  CHECK_FALSE(page.next);
  CHECK(page.bad_next.empty());
}

TEST_CASE("a subscription's product type counts as given in whatever form it is given") {
  CHECK(product_type(R"({"id":"OnlineServicesNCE","displayName":"x"})") == "OnlineServicesNCE");
  CHECK(product_type(R"({"displayName":"Software"})") == "Software");
  CHECK(product_type(R"("SaaS")") == "SaaS");
  for (const std::string odd :
       {"{}", "[]", "[1]", R"({"id":null})", R"({"id":"a","id":"b"})", "\"\"", "false"}) {
    INFO(odd);
    CHECK_FALSE(product_type(odd).empty());
  }
  CHECK(product_type("null").empty());
}

TEST_CASE("a field of another type than expected is read as something unknown, never as something harmless") {
  const auto page = subscriptions(
      R"({"items":[{"status":["deleted"]},{"status":{"value":"deleted"}},{"status":0},{"status":null},{}]})");
  REQUIRE(page.items.size() == 5);
  for (const auto& item : page.items) CHECK(item.status != "deleted");
}

TEST_CASE("a reservation and a software entitlement are read as the service writes them") {
  const auto page = entitlements(
      R"({"totalCount":2,"items":[{"includedEntitlements":[],"referenceOrder":{"id":"KaJ8","lineItemId":"0"},)"
      R"("productId":"DZH318Z0BQ3W","quantity":1,"skuId":"007J","entitlementType":"reservedinstance",)"
      R"("dynamicAttributes":{"reservationType":"virtualmachines"}},)"
      R"({"EntitlementType":"Software","ReferenceOrder":null,"ProductId":"DG7GMGF0FKZV"}]})");
  REQUIRE(page.items.size() == 2);
  CHECK(page.items[0].type == "reservedinstance");
  CHECK(page.items[0].order_id == "KaJ8");
  CHECK(page.items[0].product_id == "DZH318Z0BQ3W");
  CHECK(page.items[0].sku_id == "007J");
  CHECK(page.items[0].reservation_type == "virtualmachines");
  CHECK(page.items[1].type == "Software");
  CHECK(page.items[1].order_id.empty());
  CHECK(page.items[1].product_id == "DG7GMGF0FKZV");
}

TEST_CASE("what the service leaves out of an entitlement is empty, whatever stands in its place") {
  const auto page =
      entitlements(R"({"items":[{},{"entitlementType":[],"referenceOrder":"x","dynamicAttributes":[]}]})");
  REQUIRE(page.items.size() == 2);
  for (const auto& item : page.items) {
    CHECK(item.type.empty());
    CHECK(item.order_id.empty());
    CHECK(item.reservation_type.empty());
  }
}

TEST_CASE("a collection without its list, or with something else for it, is no collection") {
  for (const auto what : k_pages) {
    for (const std::string items : {R"("items":null)", R"("items":{})", R"("items":"")", R"("items":0)",
                                    R"("item":[])", R"("items":[1])", R"("items":[null])", R"("items":["x"])",
                                    R"("items":[[]])", R"("items":[{},1])"}) {
      INFO(name_of(what) << " " << items);
      CHECK(garbled(perform(what, 200, R"({"totalCount":0,)" + items + "}")));
    }
  }
}

TEST_CASE("the number of items is announced, or is not, or is no number") {
  CHECK(subscriptions(R"({"totalCount":37,"items":[]})").announced == 37);
  CHECK(entitlements(R"({"TotalCount":0,"items":[]})").announced == 0);
  CHECK_FALSE(subscriptions(R"({"items":[{}]})").announced);
  CHECK_FALSE(subscriptions(R"({"totalCount":null,"items":[]})").announced);
  for (const auto what : k_pages) {
    for (const std::string count :
         {"\"37\"", "\"\"", "37.0", "37.5", "-1", "[]", "{}", "true", "18446744073709551615", "1e3"}) {
      INFO(name_of(what) << " " << count);
      CHECK(garbled(perform(what, 200, R"({"items":[],"totalCount":)" + count + "}")));
    }
  }
}

TEST_CASE("many items are all read, in order") {
  std::string items;
  for (int i = 0; i < 5000; ++i) items += (i == 0 ? "" : ",") + (R"({"id":")" + std::to_string(i) + "\"}");
  const auto page = subscriptions(R"({"items":[)" + items + "]}");
  REQUIRE(page.items.size() == 5000);
  CHECK(page.items[0].id == "0");
  CHECK(page.items[4999].id == "4999");
}

}  // namespace offboard::test
