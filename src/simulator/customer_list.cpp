#include "simulator/customer_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "simulator/answers.hpp"
#include "simulator/json_fields.hpp"

namespace offboard::simulator {
namespace {

constexpr std::string_view k_token = "sim-customers-after-";

/// By the world's order: the customer that the last page ended with may be gone by now.
std::size_t place_of(const World& world, const Customer* customer) {
  return static_cast<std::size_t>(customer - world.customers.data());
}

std::optional<std::size_t> place_asked(const Request& request, const Call& call) {
  const auto token = request.headers.find("MS-ContinuationToken");
  if (!token) return form_value(call.query, "seekOperation") ? std::nullopt : std::optional<std::size_t>(0);
  std::size_t place = 0;
  if (token->rfind(k_token, 0) != 0) return std::nullopt;
  const auto* end = token->data() + token->size();
  const auto read = std::from_chars(token->data() + k_token.size(), end, place);
  return read.ec == std::errc() && read.ptr == end ? std::optional(place + 1) : std::nullopt;
}

std::size_t size_asked(const World& world, const Call& call) {
  const auto text = form_value(call.query, "size").value_or("");
  std::size_t size = 0;
  std::from_chars(text.data(), text.data() + text.size(), size);
  return size == 0 ? world.listing.most_on_a_page : std::min(size, world.listing.most_on_a_page);
}

std::string next_address(const World& world, const Request& request, std::size_t size) {
  auto path = fmt::format("/customers?size={}&seekOperation=Next", size);
  switch (world.next_link_form) {
    case NextLinkForm::v1: return "/v1" + path;
    case NextLinkForm::absolute:
      return fmt::format("http://{}/v1{}", request.headers.find("Host").value_or("localhost"), path);
    case NextLinkForm::foreign_host: return world.foreign_host + "/v1" + path;
    case NextLinkForm::path_of_other_customer:
      return fmt::format("/customers/{}/subscriptions", world.customers.front().id);
    case NextLinkForm::plain:
    case NextLinkForm::loop: break;
  }
  return path;
}

Json next_link(const World& world, const Request& request, std::size_t size, std::size_t last) {
  Json header;
  header["key"] = "MS-ContinuationToken";
  header["value"] = fmt::format("{}{}", k_token, last);
  Json next;
  next["uri"] = next_address(world, request, size);
  next["method"] = "GET";
  next["headers"] = Json::array({header});
  return next;
}

/// The list tells less than the customer does alone.
Json item_of(const Customer& customer, const CustomerListing& listing) {
  auto item = Json::parse(customer_answer(customer, "").body);
  for (const auto* key : {"allowDelegatedAccess", "customDomains", "links"}) item.erase(key);
  if (!listing.names_relationship) item.erase("relationshipToPartner");
  return item;
}

}  // namespace

CustomerListPage customer_list_page(const World& world, const std::vector<const Customer*>& ours,
                                    const Request& request, const Call& call) {
  const auto place = place_asked(request, call);
  if (!place)
    return {refusal(400, "2000", CodeForm::string, "The continuation token is missing or invalid."), {}};
  const auto size = size_asked(world, call);
  auto next = std::find_if(ours.begin(), ours.end(),
                           [&](const auto* customer) { return place_of(world, customer) >= *place; });
  CustomerListPage page;
  Json body;
  if (world.total_count == TotalCount::given) body["totalCount"] = ours.size();
  body["items"] = Json::array();
  for (; next != ours.end() && page.shown.size() < size; ++next) {
    body["items"].push_back(item_of(**next, world.listing));
    page.shown.push_back(*next);
  }
  body["links"]["self"] = {{"uri", fmt::format("/customers?size={}", size)}, {"method", "GET"}};
  const bool leads_on = next != ours.end() || (world.next_link_form == NextLinkForm::loop && *place > 0);
  if (leads_on) {
    const auto last = world.next_link_form == NextLinkForm::loop && *place > 0
                          ? *place - 1
                          : place_of(world, page.shown.back());
    body["links"]["next"] = next_link(world, request, size, last);
  }
  body["attributes"]["objectType"] = "Collection";
  page.reply = json_reply(200, body.dump(-1, ' ', false, Json::error_handler_t::replace));
  return page;
}

}  // namespace offboard::simulator
