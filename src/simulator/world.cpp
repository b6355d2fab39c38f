#include "simulator/world.hpp"

#include <fmt/format.h>

#include <fstream>
#include <set>
#include <sstream>

#include "base/text.hpp"
#include "simulator/chance.hpp"
#include "simulator/yaml_fields.hpp"

namespace offboard::simulator {
namespace {

Subscription read_subscription(const YAML::Node& node, const Source& source, const std::string& fallback_id) {
  Fields fields(node, "a subscription", source);
  Subscription subscription;
  subscription.id = fields.text("id").value_or(fallback_id);
  subscription.offer_id = fields.field("offer_id");
  subscription.offer_name = fields.field("offer_name");
  subscription.friendly_name = fields.field("friendly_name");
  subscription.status = fields.field("status");
  subscription.billing_type = fields.field("billing_type");
  subscription.unit_type = fields.field("unit_type");
  subscription.product_type = fields.field("product_type");
  subscription.order_id = fields.field("order_id");
  subscription.is_trial = fields.flag("is_trial");
  fields.done();
  return subscription;
}

Entitlement read_entitlement(const YAML::Node& node, const Source& source) {
  Fields fields(node, "an entitlement", source);
  Entitlement entitlement;
  entitlement.type = fields.field("type");
  entitlement.order_id = fields.field("order_id");
  entitlement.product_id = fields.field("product_id");
  entitlement.sku_id = fields.field("sku_id");
  entitlement.reservation_type = fields.field("reservation_type");
  entitlement.quantity = fields.small_number("quantity", 1);
  fields.done();
  return entitlement;
}

std::optional<AfterRemoval> read_after_removal(Fields& fields) {
  return fields.choice_of<AfterRemoval>(
      "after_removal",
      std::initializer_list<std::pair<std::string_view, AfterRemoval>>{
          {"forbidden", AfterRemoval::forbidden}, {"none_answer", AfterRemoval::none_answer}});
}

Customer read_customer(const YAML::Node& node, const Source& source, std::uint64_t seed) {
  Fields fields(node, "a customer", source);
  Customer customer;
  customer.id = to_lower(fields.required_text("id"));
  customer.company_name = fields.field("company_name");
  customer.domain = fields.field("domain");
  customer.custom_domains = fields.texts("custom_domains");
  customer.relationship = fields.field("relationship");
  if (customer.relationship.presence == Field::Presence::absent)
    customer.relationship = {Field::Presence::given, "reseller"};
  for (const auto& item : fields.list("subscriptions")) {
    const auto id =
        guid_from(seed, fmt::format("subscription {} {}", customer.id, customer.subscriptions.size()));
    customer.subscriptions.push_back(read_subscription(item, source, id));
  }
  for (const auto& item : fields.list("entitlements"))
    customer.entitlements.push_back(read_entitlement(item, source));
  customer.announce_extra = fields.small_number("announce_extra", 0);
  customer.announce_extra_entitlements = fields.small_number("announce_extra_entitlements", 0);
  customer.after_removal = read_after_removal(fields);
  fields.done();
  return customer;
}

Bom read_bom(Fields& fields, const Source& source) {
  Bom bom;
  const auto node = fields.node("bom");
  if (!node || !node->IsMap()) {
    bom.reads = fields.flag("bom", bom.reads);
    return bom;
  }
  Fields parts(*node, "bom", source);
  bom.reads = parts.flag("reads", bom.reads);
  bom.patch = parts.flag("patch", bom.patch);
  parts.done();
  return bom;
}

CustomerListing read_listing(const YAML::Node& node, const Source& source) {
  Fields fields(node, "customer_list", source);
  CustomerListing listing;
  listing.offered = fields.flag("offered", listing.offered);
  listing.most_on_a_page = static_cast<std::size_t>(fields.number("page_size", 500, 1));
  listing.names_relationship = fields.flag("relationship", listing.names_relationship);
  fields.done();
  return listing;
}

void read_manners(Fields& fields, const Source& source, World& world) {
  world.bom = read_bom(fields, source);
  world.after_removal = read_after_removal(fields).value_or(world.after_removal);
  world.blockers = fields.flag("enforce_blockers", true) ? Blockers::enforced : Blockers::let_through;
  world.software =
      fields.flag("software_blocks", true) ? SoftwareEntitlements::block : SoftwareEntitlements::do_not_block;
  world.removal_lag = milliseconds(fields.number("removal_lag_ms", 0));
  world.latency = milliseconds(fields.number("latency_ms", 0));
  world.latency_jitter = milliseconds(fields.number("latency_jitter_ms", 0));
  world.page_size = static_cast<std::size_t>(fields.number("page_size", 0));
  world.next_link_form = fields.choice("next_link_form", NextLinkForm::plain,
                                       {{"plain", NextLinkForm::plain},
                                        {"v1", NextLinkForm::v1},
                                        {"absolute", NextLinkForm::absolute},
                                        {"foreign_host", NextLinkForm::foreign_host},
                                        {"loop", NextLinkForm::loop},
                                        {"path_of_other_customer", NextLinkForm::path_of_other_customer}});
  world.foreign_host = fields.text("foreign_host").value_or(world.foreign_host);
  if (const auto listing = fields.node("customer_list")) world.listing = read_listing(*listing, source);
  world.total_count = fields.flag("total_count", true) ? TotalCount::given : TotalCount::omitted;
}

void read_customers(Fields& fields, const Source& source, World& world) {
  std::set<std::string> seen;
  for (const auto& item : fields.list("customers")) {
    world.customers.push_back(read_customer(item, source, world.seed));
    if (!seen.insert(world.customers.back().id).second)
      complain(source, item, fmt::format("the customer {} stands here twice", world.customers.back().id));
  }
}

World read_world(const YAML::Node& node, const Source& source) {
  Fields fields(node, "the world", source);
  World world;
  world.seed = static_cast<std::uint64_t>(fields.number("seed", 1));
  if (const auto sign_in = fields.node("sign_in")) world.sign_in = read_sign_in(*sign_in, source);
  read_manners(fields, source, world);
  for (const auto& item : fields.list("throttles")) world.throttles.push_back(read_throttle(item, source));
  for (const auto& item : fields.list("faults")) world.faults.push_back(read_fault(item, source));
  read_customers(fields, source, world);
  fields.done();
  return world;
}

}  // namespace

World parse_world(const std::string& text, const std::string& name) {
  try {
    return read_world(YAML::Load(text), {name});
  } catch (const YAML::Exception& trouble) {
    throw WorldTrouble(
        fmt::format("{}:{}:{}: {}", name, trouble.mark.line + 1, trouble.mark.column + 1, trouble.msg));
  }
}

World load_world(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream) throw WorldTrouble(fmt::format("{}: cannot be read", file.string()));
  return parse_world(text.str(), file.string());
}

}  // namespace offboard::simulator
