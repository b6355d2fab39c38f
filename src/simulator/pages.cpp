#include "simulator/pages.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "simulator/answers.hpp"
#include "simulator/json_fields.hpp"

namespace offboard::simulator {
namespace {

Json item_of(const Subscription& subscription) {
  Json item;
  item["id"] = subscription.id;
  put(item, "offerId", subscription.offer_id);
  put(item, "offerName", subscription.offer_name);
  put(item, "friendlyName", subscription.friendly_name);
  if (subscription.product_type.presence == Field::Presence::null) item["productType"] = nullptr;
  if (subscription.product_type.given()) {
    item["productType"]["id"] = subscription.product_type.text;
    item["productType"]["displayName"] = subscription.product_type.text;
  }
  item["quantity"] = 1;
  put(item, "unitType", subscription.unit_type);
  put(item, "status", subscription.status);
  item["autoRenewEnabled"] = false;
  if (subscription.is_trial) item["isTrial"] = *subscription.is_trial;
  put(item, "billingType", subscription.billing_type);
  item["contractType"] = "subscription";
  put(item, "orderId", subscription.order_id);
  item["attributes"]["objectType"] = "Subscription";
  return item;
}

Json item_of(const Entitlement& entitlement) {
  Json item;
  item["includedEntitlements"] = Json::array();
  Json order = Json::object();
  put(order, "id", entitlement.order_id);
  order["lineItemId"] = "0";
  item["referenceOrder"] = order;
  put(item, "productId", entitlement.product_id);
  item["quantity"] = entitlement.quantity;
  item["entitledArtifacts"] = Json::array();
  put(item, "skuId", entitlement.sku_id);
  put(item, "entitlementType", entitlement.type);
  if (entitlement.reservation_type.given())
    item["dynamicAttributes"]["reservationType"] = entitlement.reservation_type.text;
  return item;
}

struct Collection {
  std::vector<Json> items;
  std::size_t announced = 0;
};

Collection subscriptions_of(const Customer& customer) {
  Collection collection;
  for (const auto& subscription : customer.subscriptions) collection.items.push_back(item_of(subscription));
  collection.announced = collection.items.size() + static_cast<std::size_t>(customer.announce_extra);
  return collection;
}

Collection entitlements_of(const Customer& customer, const std::string& query) {
  const auto wanted = form_value(query, "entitlementType");
  Collection collection;
  for (const auto& entitlement : customer.entitlements) {
    if (!wanted || equal_ignoring_case(*wanted, entitlement.type.text))
      collection.items.push_back(item_of(entitlement));
  }
  collection.announced =
      collection.items.size() + static_cast<std::size_t>(customer.announce_extra_entitlements);
  return collection;
}

std::string token_for(const Call& call, std::size_t offset) {
  return fmt::format("sim-page-{}-{}-{}", name_of(call.kind), call.customer, offset);
}

/// Where the page that the request asks for begins.
std::optional<std::size_t> offset_asked(const World& world, const Call& call, const Request& request,
                                        std::size_t size) {
  const auto token = request.headers.find("MS-ContinuationToken");
  if (!token) return form_value(call.query, "seekOperation") ? std::nullopt : std::optional<std::size_t>(0);
  for (std::size_t offset = world.page_size; world.page_size > 0 && offset < size;
       offset += world.page_size) {
    if (*token == token_for(call, offset)) return offset;
  }
  return std::nullopt;
}

std::string another_customer(const World& world, const Customer& customer) {
  const auto found = std::find_if(world.customers.begin(), world.customers.end(),
                                  [&](const Customer& other) { return other.id != customer.id; });
  return found == world.customers.end() ? "ffffffff-ffff-4fff-8fff-ffffffffffff" : found->id;
}

std::string next_address(const World& world, const Customer& customer, const Call& call,
                         const Request& request) {
  const auto path = [&](const std::string& id) {
    return fmt::format("/customers/{}/{}?seekOperation=Next", id, name_of(call.kind));
  };
  switch (world.next_link_form) {
    case NextLinkForm::v1: return "/v1" + path(customer.id);
    case NextLinkForm::absolute:
      return fmt::format("http://{}/v1{}", request.headers.find("Host").value_or("localhost"),
                         path(customer.id));
    case NextLinkForm::foreign_host: return world.foreign_host + "/v1" + path(customer.id);
    case NextLinkForm::path_of_other_customer: return path(another_customer(world, customer));
    case NextLinkForm::plain:
    case NextLinkForm::loop: break;
  }
  return path(customer.id);
}

Json link(const std::string& address) {
  Json result;
  result["uri"] = address;
  result["method"] = "GET";
  result["headers"] = Json::array();
  return result;
}

/// Where the next page begins; nothing after the last one.
std::optional<std::size_t> next_offset(const World& world, std::size_t offset, std::size_t size) {
  if (world.next_link_form == NextLinkForm::loop && offset > 0) return offset;
  if (world.page_size == 0 || offset + world.page_size >= size) return std::nullopt;
  return offset + world.page_size;
}

}  // namespace

Reply collection_page(const World& world, const Customer& customer, const Call& call,
                      const Request& request) {
  const Collection collection =
      call.kind == Kind::subscriptions ? subscriptions_of(customer) : entitlements_of(customer, call.query);
  const std::size_t size = collection.items.size();
  const auto offset = offset_asked(world, call, request, size);
  if (!offset) return refusal(400, "2000", CodeForm::string, "The continuation token is missing or invalid.");
  const std::size_t end = world.page_size == 0 ? size : std::min(size, *offset + world.page_size);
  Json body;
  if (world.total_count == TotalCount::given) body["totalCount"] = collection.announced;
  body["items"] = Json::array();
  for (std::size_t i = *offset; i < end; ++i) body["items"].push_back(collection.items[i]);
  body["links"]["self"] = link(fmt::format("/customers/{}/{}", customer.id, name_of(call.kind)));
  if (const auto next = next_offset(world, *offset, size)) {
    Json header;
    header["key"] = "MS-ContinuationToken";
    header["value"] = token_for(call, *next);
    body["links"]["next"] = link(next_address(world, customer, call, request));
    body["links"]["next"]["headers"].push_back(header);
  }
  body["attributes"]["objectType"] = "Collection";
  return json_reply(200, body.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace offboard::simulator
