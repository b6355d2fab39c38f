#include "partner_center/read_answer.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "base/text.hpp"
#include "partner_center/json.hpp"
#include "partner_center/next_link.hpp"

namespace offboard {
namespace {

using Element = JsonObject::Element;

/// A token goes into a header; anything but visible ASCII there would be a header of its own.
bool is_token_text(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

enum class Naming { nobody, the_one, another };

/// Whom an answer is about. The service gives the customer's id as `id` and again as
/// `companyProfile.tenantId`. What cannot be read, because it is of another shape or stands there twice, is
/// taken for somebody else.
Naming naming_of(const JsonObject& root, const Guid& tenant) {
  auto naming = Naming::nobody;
  const auto look_at = [&](const JsonObject& object, std::string_view key) {
    const auto given = object.member(key);
    std::string_view id;
    const bool is_text = given && given->get(id) == simdjson::SUCCESS;
    if (!given || (is_text && id.empty())) return;
    const bool is_the_one = is_text && Guid::parse(id) == std::optional(tenant);
    naming = is_the_one && naming != Naming::another ? Naming::the_one : Naming::another;
  };
  look_at(root, "id");
  if (!root.member("companyProfile")) return naming;
  const auto profile = root.object("companyProfile");
  if (!profile) return Naming::another;
  look_at(*profile, "tenantId");
  return naming;
}

std::string product_type_of(const JsonObject& item) {
  const auto given = item.member("productType");
  if (!given) return "";
  if (const auto object = JsonObject::from(*given)) {
    for (const auto* key : {"id", "displayName"}) {
      if (auto text = object->text(key); !text.empty()) return text;
    }
  }
  const auto text = item.text("productType");
  // Something is given, if only in an unknown form: then it is not a legacy subscription.
  return text.empty() ? "given" : text;
}

Subscription subscription_from(const JsonObject& item) {
  return {item.text("id"),     item.text("offerId"),     item.text("offerName"), item.text("friendlyName"),
          item.text("status"), item.text("billingType"), item.text("unitType"),  product_type_of(item)};
}

Entitlement entitlement_from(const JsonObject& item) {
  Entitlement entitlement;
  entitlement.type = item.text("entitlementType");
  entitlement.product_id = item.text("productId");
  entitlement.sku_id = item.text("skuId");
  if (const auto order = item.object("referenceOrder")) entitlement.order_id = order->text("id");
  if (const auto attributes = item.object("dynamicAttributes")) {
    entitlement.reservation_type = attributes->text("reservationType");
  }
  simdjson::dom::array included;
  if (const auto given = item.member("includedEntitlements");
      given && given->get(included) == simdjson::SUCCESS) {
    for (const Element element : included) {
      const auto part = JsonObject::from(element);
      entitlement.included.push_back(part ? entitlement_from(*part) : Entitlement{});
    }
  }
  return entitlement;
}

/// Headers that a link may bring along. Those of the connection and of our identity stay ours.
bool may_carry(const Header& header) {
  const auto is_name_char = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  const auto is_value_char = [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F; };
  if (header.name.empty() || !std::all_of(header.name.begin(), header.name.end(), is_name_char)) return false;
  if (!std::all_of(header.value.begin(), header.value.end(), is_value_char)) return false;
  return starts_with_ignoring_case(header.name, "MS-") && !equal_ignoring_case(header.name, "MS-RequestId") &&
         !equal_ignoring_case(header.name, "MS-CorrelationId");
}

std::optional<std::vector<Header>> headers_of(const JsonObject& link) {
  std::vector<Header> headers;
  const auto given = link.member("headers");
  if (!given) return headers;
  simdjson::dom::array list;
  if (given->get(list) != simdjson::SUCCESS) return std::nullopt;
  for (const Element element : list) {
    const auto entry = JsonObject::from(element);
    if (!entry) return std::nullopt;
    Header header{entry->text("key"), entry->text("value")};
    if (!may_carry(header)) return std::nullopt;
    headers.push_back(std::move(header));
  }
  return headers;
}

template <typename Page>
void read_next(const JsonObject& link, const Url& base, const Guid& tenant, Page& page) {
  const auto uri = link.text("uri");
  const auto method = link.text("method");
  auto headers = headers_of(link);
  if (uri.empty() || !headers || (!method.empty() && !equal_ignoring_case(method, "GET"))) {
    page.bad_next = "the link to the next page cannot be read";
    return;
  }
  const auto address = next_page_address(base, tenant, uri);
  if (!address) {
    page.bad_next = address.error();
    return;
  }
  page.next = PageLink{*address, std::move(*headers)};
}

/// `links` and `links.next` may be absent or null; if there, they must be objects.
template <typename Page>
bool read_links(const JsonObject& root, const Url& base, const Guid& tenant, Page& page) {
  const auto links = root.member("links");
  if (!links) return true;
  const auto object = JsonObject::from(*links);
  if (!object) return false;
  const auto next = object->member("next");
  if (!next) return true;
  const auto link = JsonObject::from(*next);
  if (!link) return false;
  read_next(*link, base, tenant, page);
  return true;
}

template <typename Page, typename Convert>
std::optional<Page> read_page(std::string_view body, const Url& base, const Guid& tenant,
                              const Convert& convert) {
  JsonDocument document;
  const auto root = document.parse_object(body);
  if (!root) return std::nullopt;
  const auto items = root->member("items");
  simdjson::dom::array list;
  if (!items || items->get(list) != simdjson::SUCCESS) return std::nullopt;
  Page page;
  for (const Element element : list) {
    const auto item = JsonObject::from(element);
    if (!item) return std::nullopt;
    page.items.push_back(convert(*item));
  }
  if (root->member("totalCount")) {
    page.announced = root->integer("totalCount");
    if (!page.announced || *page.announced < 0) return std::nullopt;
  }
  if (!read_links(*root, base, tenant, page)) return std::nullopt;
  if (!page.next && page.bad_next.empty() && !root->text("continuationToken").empty()) {
    page.bad_next = "there is a continuation token, but no link to the next page";
  }
  return page;
}

/// Entra ID writes times as numbers (v2) or as texts (v1).
seconds seconds_of(const JsonObject& root, std::string_view key, std::int64_t if_not_said) {
  constexpr std::int64_t k_longest = 24 * 3600;
  const auto text = root.text(key);
  std::int64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || value <= 0) value = if_not_said;
  return seconds(std::min(value, k_longest));
}

Customer customer_from(const JsonObject& object) {
  Customer customer;
  customer.relationship_to_partner = object.text("relationshipToPartner");
  if (const auto profile = object.object("companyProfile")) {
    customer.company_name = profile->text("companyName");
    customer.domain = profile->text("domain");
  }
  return customer;
}

std::optional<CustomerListItem> list_item_from(Element element) {
  const auto object = JsonObject::from(element);
  if (!object) return std::nullopt;
  const auto id = Guid::parse(object->string("id"));
  if (!id || naming_of(*object, *id) != Naming::the_one) return std::nullopt;
  return CustomerListItem{*id, customer_from(*object)};
}

/// Each customer once; of two that differ nobody could say which one counts.
void drop_contradictions(std::vector<CustomerListItem>& items) {
  std::map<Guid, const Customer*> first;
  std::set<Guid> doubtful;
  for (const auto& item : items) {
    const auto [known, is_new] = first.emplace(item.tenant, &item.customer);
    if (!is_new && *known->second != item.customer) doubtful.insert(item.tenant);
  }
  std::set<Guid> seen;
  std::erase_if(items, [&](const auto& item) {
    return doubtful.count(item.tenant) != 0 || !seen.insert(item.tenant).second;
  });
}

}  // namespace

std::optional<CustomerPage> read_customers(std::string_view body, const Url& base) {
  JsonDocument document;
  const auto root = document.parse_object(body);
  if (!root) return std::nullopt;
  const auto items = root->member("items");
  simdjson::dom::array list;
  if (!items || items->get(list) != simdjson::SUCCESS) return std::nullopt;
  CustomerPage page;
  for (const Element element : list) {
    if (auto item = list_item_from(element)) page.items.push_back(std::move(*item));
  }
  drop_contradictions(page.items);
  if (!read_links(*root, base, Guid(), page)) return std::nullopt;
  return page;
}

std::optional<Customer> read_customer(std::string_view body, const Guid& tenant) {
  JsonDocument document;
  const auto root = document.parse_object(body);
  if (!root) return std::nullopt;
  if (naming_of(*root, tenant) != Naming::the_one) return std::nullopt;
  auto customer = customer_from(*root);
  simdjson::dom::array domains;
  if (const auto given = root->member("customDomains"); given && given->get(domains) == simdjson::SUCCESS) {
    for (const Element element : domains) {
      std::string_view domain;
      if (element.get(domain) == simdjson::SUCCESS) customer.custom_domains.emplace_back(domain);
    }
  }
  return customer;
}

std::optional<SubscriptionPage> read_subscriptions(std::string_view body, const Url& base,
                                                   const Guid& tenant) {
  return read_page<SubscriptionPage>(body, base, tenant, subscription_from);
}

std::optional<EntitlementPage> read_entitlements(std::string_view body, const Url& base, const Guid& tenant) {
  return read_page<EntitlementPage>(body, base, tenant, entitlement_from);
}

bool confirms_removal(std::string_view body, const Guid& tenant) {
  JsonDocument document;
  const auto root = document.parse_object(body);
  return root && naming_of(*root, tenant) != Naming::another &&
         equal_ignoring_case(root->string("relationshipToPartner"), "none");
}

std::optional<Tokens> read_tokens(std::string_view body) {
  JsonDocument document;
  const auto root = document.parse_object(body);
  if (!root) return std::nullopt;
  Tokens tokens{Secret(root->string("access_token")), seconds_of(*root, "expires_in", 300), std::nullopt};
  if (!is_token_text(tokens.access_token.reveal())) return std::nullopt;
  if (Secret refresh(root->string("refresh_token")); is_token_text(refresh.reveal())) {
    tokens.refresh_token = std::move(refresh);
  }
  return tokens;
}

std::optional<DeviceCode> read_device_code(std::string_view body) {
  JsonDocument document;
  const auto root = document.parse_object(body);
  if (!root) return std::nullopt;
  DeviceCode code{Secret(root->string("device_code")), root->string("user_code"),
                  root->string("verification_uri"), seconds_of(*root, "expires_in", 900),
                  seconds_of(*root, "interval", 5)};
  const bool usable = is_token_text(code.device_code.reveal()) && is_token_text(code.user_code) &&
                      parse_url(code.verification_uri).has_value();
  return usable ? std::optional(std::move(code)) : std::nullopt;
}

std::optional<Invitation> read_invitation(std::string_view body) {
  JsonDocument document;
  const auto root = document.parse_object(body);
  if (!root) return std::nullopt;
  Invitation invitation{root->string("url")};
  // It is shown to people as it is: visible characters only, behind the # too.
  if (!is_token_text(invitation.url)) return std::nullopt;
  const auto url = parse_url(invitation.url.substr(0, invitation.url.find('#')));
  if (!url || url->scheme != "https") return std::nullopt;
  return invitation;
}

}  // namespace offboard
