#include <algorithm>
#include <cstdint>
#include <set>

#include "given_answer.hpp"
#include "second_json.hpp"

namespace offboard::fuzz {
namespace {

void check_text(const std::string& text) {
  ensure(!first_invalid_utf8(text), "a text of the service is UTF-8");
  check_holds_no_secret(text);
}

/// A text that stands in the JSON is taken as it stands there, but for our secrets. What is no text there may
/// be empty, or be written as one.
void check_taken(const std::string& taken, const Json& object, std::string_view key) {
  check_text(taken);
  const auto& value = member(object, key);
  if (value.is_null() || value.is_structured()) ensure(taken.empty(), "what is not there is empty");
  const bool is_blotted = taken.find("…") != std::string::npos;
  if (value.is_string() && !is_blotted)
    ensure(taken == value.get<std::string>(), "a text is taken as it stands");
}

void check_names_nobody_else(const Json& root) {
  for (const auto& id : {member(root, "id"), member(member(root, "companyProfile"), "tenantId")}) {
    if (id.is_null() || id == Json("")) continue;
    ensure(id.is_string() &&
               equal_ignoring_case(Guid::parse(id.get<std::string>()).value_or(Guid()).text(), k_tenant),
           "an accepted answer names no other customer");
  }
}

void check(const Customer& customer, const Json& root) {
  const auto& profile = member(root, "companyProfile");
  check_names_nobody_else(root);
  ensure(!text_in(root, "id").empty() || !text_in(profile, "tenantId").empty(), "it names the customer");
  ensure(profile.is_null() || is_sound_object(profile), "the profile is an object that says one thing");
  check_taken(customer.relationship_to_partner, root, "relationshipToPartner");
  check_taken(customer.company_name, profile, "companyName");
  check_taken(customer.domain, profile, "domain");
  for (const auto& domain : customer.custom_domains) {
    check_text(domain);
    if (domain.find("…") != std::string::npos) continue;
    const auto& given = member(root, "customDomains");
    ensure(std::find(given.begin(), given.end(), Json(domain)) != given.end(), "each domain is given");
  }
}

void check(const Subscription& subscription, const Json& item) {
  check_taken(subscription.id, item, "id");
  check_taken(subscription.offer_id, item, "offerId");
  check_taken(subscription.offer_name, item, "offerName");
  check_taken(subscription.friendly_name, item, "friendlyName");
  check_taken(subscription.status, item, "status");
  check_taken(subscription.billing_type, item, "billingType");
  check_taken(subscription.unit_type, item, "unitType");
  check_text(subscription.product_type);
  ensure(subscription.product_type.empty() == member(item, "productType").is_null(),
         "a product type in whatever form is not overlooked");
}

void check(const Entitlement& entitlement, const Json& item) {
  check_taken(entitlement.type, item, "entitlementType");
  check_taken(entitlement.product_id, item, "productId");
  check_taken(entitlement.sku_id, item, "skuId");
  check_text(entitlement.order_id);
  check_text(entitlement.reservation_type);
  const auto& included = member(item, "includedEntitlements");
  if (!included.is_array()) return;
  ensure(entitlement.included.size() == included.size(), "no included entitlement is overlooked");
  for (std::size_t i = 0; i < included.size(); ++i) {
    if (is_sound_object(included[i])) check(entitlement.included[i], included[i]);
  }
}

void check_next(const std::optional<PageLink>& next, const std::string& bad_next, const Json& root,
                const std::string& own_pages) {
  const bool is_named = !member(member(root, "links"), "next").is_null();
  ensure(is_named == (next.has_value() || !bad_next.empty()) || !member(root, "continuationToken").is_null(),
         "a further page is followed or missed, never overlooked");
  if (!next) return;
  ensure(starts_with_ignoring_case(next->url, own_pages), "a page link stays with what was asked for");
  for (const auto& header : next->headers) {
    ensure(starts_with_ignoring_case(header.name, "MS-"), "a link brings headers of the service alone");
    ensure(header.name.find_first_of(": \r\n") == std::string::npos, "a header's name ends nowhere else");
    ensure(header.value.find_first_of("\r\n") == std::string::npos, "a header's value is one line");
    check_holds_no_secret(header.value);
  }
  check_holds_no_secret(next->url);
}

template <typename Page>
void check_page(const Page& page, const Json& root) {
  const auto& items = member(root, "items");
  ensure(items.is_array() && items.size() == page.items.size(), "a page has as many items as it says");
  for (std::size_t i = 0; i < items.size(); ++i) {
    ensure(is_sound_object(items[i]), "an item is an object that says one thing");
    check(page.items[i], items[i]);
  }
  const auto& total = member(root, "totalCount");
  ensure(total.is_null() ? !page.announced : total == Json(page.announced.value_or(-1)),
         "the announced number is taken as it stands");
  check_next(page.next, page.bad_next, root, k_own_pages);
}

/// Items that cannot be believed are left out; what is taken stands there as it was taken.
void check(const CustomerPage& page, const Json& root) {
  const auto& items = member(root, "items");
  ensure(items.is_array(), "a list of customers is one");
  std::set<Guid> seen;
  for (const auto& item : page.items) {
    ensure(seen.insert(item.tenant).second, "a customer is taken once");
    ensure(std::any_of(items.begin(), items.end(),
                       [&](const Json& given) {
                         return is_sound_object(given) && Guid::parse(text_in(given, "id")) == item.tenant;
                       }),
           "who is taken from the list is on it");
    ensure(item.customer.custom_domains.empty(), "the list says nothing of custom domains");
    check_text(item.customer.company_name);
    check_text(item.customer.domain);
    check_text(item.customer.relationship_to_partner);
  }
  check_next(page.next, page.bad_next, root, k_list_pages);
}

void check(const SubscriptionPage& page, const Json& root) {
  check_page(page, root);
}
void check(const EntitlementPage& page, const Json& root) {
  check_page(page, root);
}

void check_visible(std::string_view text, const Json& root, std::string_view key) {
  ensure(text == text_in(root, key), "a token is taken as it stands");
  ensure(!text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7F'; }),
         "a token is visible characters alone");
}

void check(const Tokens& tokens, const Json& root) {
  check_visible(tokens.access_token.reveal(), root, "access_token");
  if (tokens.refresh_token) check_visible(tokens.refresh_token->reveal(), root, "refresh_token");
  ensure(tokens.lifetime > seconds(0) && tokens.lifetime <= std::chrono::hours(24), "a lifetime is bounded");
}

void check(const DeviceCode& code, const Json& root) {
  check_visible(code.device_code.reveal(), root, "device_code");
  check_visible(code.user_code, root, "user_code");
  check_visible(code.verification_uri, root, "verification_uri");
  ensure(code.lifetime > seconds(0) && code.interval > seconds(0), "a poll waits and ends");
}

void check(const Invitation& invitation, const Json& root) {
  check_visible(invitation.url, root, "url");
  ensure(starts_with_ignoring_case(invitation.url, "https://"), "an invitation is https");
}

void check_removal(const Json& root) {
  ensure(equal_ignoring_case(text_in(root, "relationshipToPartner"), "none"), "it says none");
  check_names_nobody_else(root);
  const auto& profile = member(root, "companyProfile");
  ensure(!profile.is_object() || is_sound_object(profile), "whom it names is not in doubt");
}

void check_reply(What what, const Reply& reply, const Json& root) {
  if (reply.verdict != Verdict::taken) {
    ensure(reply.verdict == Verdict::unanswered, "a 200 is taken or leaves the question open");
    ensure(!reply.evidence.error_code.empty() && !reply.evidence.message.empty(), "and the evidence says so");
    return;
  }
  ensure(is_sound_object(root), "an accepted answer is one JSON object that says one thing");
  if (what == What::removal) return check_removal(root);
  std::visit(
      [&](const auto& content) {
        if constexpr (std::is_same_v<std::decay_t<decltype(content)>, std::monostate>) {
          ensure(false, "what is taken has a content");
        } else {
          check(content, root);
        }
      },
      reply.content);
}

}  // namespace
}  // namespace offboard::fuzz

/// One body, read as the answer to every question there is.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace offboard;
  HttpAnswer answer{200, {}, std::string(reinterpret_cast<const char*>(data), size)};
  const auto root = fuzz::second_json(answer.body);
  for (const auto what : fuzz::k_all_asks) fuzz::check_reply(what, fuzz::reply_to(what, answer), root);
  return 0;
}
