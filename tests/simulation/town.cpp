#include "town.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "simulator/blocking.hpp"
#include "worlds.hpp"

namespace offboard::test {
namespace {

using simulator::Fault;
using simulator::Kind;

constexpr int k_most_residents = 14;

void add_subscription(simulator::Customer& customer, const std::string& status) {
  auto more = with_subscriptions(1, static_cast<int>(customer.subscriptions.size()) + 1, status);
  customer.subscriptions.push_back(more.subscriptions.back());
}

Resident somebody(Dice& dice, int n) {
  Resident resident;
  auto& customer = resident.customer;
  customer = with_subscriptions(n, dice.up_to(4), dice.one_of({"suspended", "deleted", "Expired"}));
  const int fortune = dice.up_to(99);
  if (fortune < 20) add_subscription(customer, dice.one_of({"active", "pending", "strange", "none"}));
  if (fortune >= 20 && fortune < 25) customer.announce_extra = 1;
  if (fortune >= 25 && fortune < 30)
    customer.entitlements.push_back({given("reservedinstance"), {}, {}, {}, {}, 1});
  if (fortune >= 30 && fortune < 34) resident.relationship_lost = true;
  if (fortune >= 34 && fortune < 37) customer.relationship = given("advisor");
  if (fortune >= 37 && fortune < 42) resident.is_known = false;
  if (fortune >= 42 && fortune < 46) resident.is_misnamed = true;
  if (fortune >= 46 && fortune < 56) {
    resident.goes_by_own_domain = true;
    customer.custom_domains = {fmt::format("own{}.example", n)};
  }
  resident.is_listed = dice.falls(85);
  return resident;
}

void cancel_everything(Resident& resident) {
  auto& customer = resident.customer;
  for (auto& subscription : customer.subscriptions) subscription.status = given("deleted");
  customer.announce_extra = 0;
  customer.entitlements.clear();
  customer.relationship = given("reseller");
}

void live_a_day(Dice& dice, Resident& resident) {
  const int fortune = dice.up_to(99);
  if (fortune < 15) cancel_everything(resident);
  if (fortune >= 15 && fortune < 22) add_subscription(resident.customer, "active");
  if (fortune >= 22 && fortune < 24) resident.is_known = false;
  if (fortune >= 24 && fortune < 27) resident.relationship_lost = true;
  if (fortune >= 27 && fortune < 33) resident.is_listed = false;
  if (fortune >= 33 && fortune < 36) resident.is_misnamed = !resident.is_misnamed;
  if (!resident.is_listed && dice.falls(35)) resident.is_listed = true;
}

simulator::FaultRule a_fault(Dice& dice) {
  simulator::FaultRule rule;
  rule.match.kind = dice.one_of({Kind::patch, Kind::patch, Kind::customer, Kind::customers,
                                 Kind::subscriptions, Kind::entitlements, Kind::token});
  rule.fault =
      dice.one_of({Fault::status, Fault::status, Fault::reset_before, Fault::reset_after, Fault::truncate,
                   Fault::garbage, Fault::stall, Fault::drip, Fault::html_502, Fault::empty_200,
                   Fault::wrong_type, Fault::close_in_headers, Fault::truncate_without_length});
  if (rule.match.kind == Kind::patch && dice.falls(20)) rule.fault = Fault::no_none;
  rule.status = dice.one_of({500, 503, 408, 429, 429});
  const bool is_read = rule.match.kind != Kind::patch && rule.match.kind != Kind::token;
  if (is_read && dice.falls(10)) rule.status = dice.one_of({400, 403, 404, 401});
  if (rule.match.kind == Kind::token && dice.falls(10)) rule.status = 400;
  if (rule.fault == Fault::status && dice.falls(60)) rule.retry_after = std::to_string(dice.up_to(90));
  const bool may_take_effect = rule.status >= 500 || rule.status == 408;
  if (rule.fault == Fault::status && may_take_effect && dice.falls(40))
    rule.effect = simulator::FaultEffect::before;
  rule.probability = 0.02 * dice.up_to(12);
  return rule;
}

simulator::ThrottleRule a_throttle(Dice& dice) {
  using simulator::QuotaHeaders;
  using simulator::ThrottledCalls;
  using simulator::ThrottleModel;
  simulator::ThrottleRule rule;
  rule.scope = dice.one_of({simulator::ThrottleScope::partner, simulator::ThrottleScope::customer});
  rule.model =
      dice.one_of({ThrottleModel::sliding_window, ThrottleModel::fixed_window, ThrottleModel::token_bucket});
  rule.limit = rule.scope == simulator::ThrottleScope::partner ? 15 : 5;
  rule.per = seconds(10);
  rule.retry_after = dice.one_of({simulator::RetryAfterForm::seconds, simulator::RetryAfterForm::date});
  if (dice.falls(30)) rule.calls = dice.one_of({ThrottledCalls::reads, ThrottledCalls::removals});
  if (dice.falls(50)) {
    rule.headers = dice.one_of(
        {QuotaHeaders::structured, QuotaHeaders::dictionary, QuotaHeaders::pair, QuotaHeaders::epoch});
  }
  return rule;
}

}  // namespace

Town::Town(Dice& dice) {
  const int count = 1 + dice.up_to(k_most_residents - 1);
  for (int n = 1; n <= count; ++n) residents_.push_back(somebody(dice, n));
  // An empty list is refused before a run begins.
  residents_.front().is_listed = true;
}

void Town::live_on(Dice& dice) {
  for (auto& resident : residents_) live_a_day(dice, resident);
  const auto is_listed = [](const Resident& resident) { return resident.is_listed; };
  if (std::none_of(residents_.begin(), residents_.end(), is_listed)) residents_.front().is_listed = true;
}

std::string Town::somebody_buys(Dice& dice) {
  auto& resident = residents_[static_cast<std::size_t>(dice.up_to(static_cast<int>(residents_.size()) - 1))];
  if (!resident.is_known || resident.relationship_lost) return "";
  add_subscription(resident.customer, "active");
  return resident.customer.id;
}

void Town::somebody_changes(Dice& dice) {
  auto& resident = residents_[static_cast<std::size_t>(dice.up_to(static_cast<int>(residents_.size()) - 1))];
  const int fortune = dice.up_to(2);
  if (fortune == 0) resident.customer.company_name = given(resident.customer.company_name.text + " & Sons");
  if (fortune == 1) resident.relationship_lost = true;
  if (fortune == 2) resident.is_known = false;
}

std::vector<simulator::Customer> Town::customers() const {
  std::vector<simulator::Customer> customers;
  for (const auto& resident : residents_) {
    if (!resident.is_known) continue;
    customers.push_back(resident.customer);
    if (resident.relationship_lost) customers.back().relationship = given("none");
  }
  return customers;
}

TenantList Town::list() const {
  TenantList list;
  for (const auto& resident : residents_) {
    if (!resident.is_listed) continue;
    const auto& name = resident.is_misnamed ? "Somebody else" : resident.customer.company_name.text;
    const auto domain = resident.goes_by_own_domain ? resident.customer.custom_domains->front()
                                                    : resident.customer.domain.text;
    list.push_back({Guid::parse(resident.customer.id).value(), name, domain, "ticket"});
  }
  return list;
}

Fate Town::fate_of(const Resident& resident) {
  if (!resident.is_known) return Fate::failed;
  if (resident.relationship_lost) return Fate::patched;
  const auto& customer = resident.customer;
  const bool is_blocked =
      !simulator::live_blockers(customer, simulator::SoftwareEntitlements::block).empty() ||
      customer.announce_extra > 0 || resident.is_misnamed || customer.relationship.text != "reseller";
  return is_blocked ? Fate::blocked : Fate::patched;
}

Weather bad_weather(Dice& dice) {
  Weather weather;
  for (int i = dice.up_to(4); i > 0; --i) weather.faults.push_back(a_fault(dice));
  if (dice.falls(30)) weather.throttles.push_back(a_throttle(dice));
  return weather;
}

simulator::World habits(Dice& dice, std::uint64_t seed) {
  using simulator::NextLinkForm;
  auto world = world_of({});
  world.seed = seed;
  world.page_size = static_cast<std::size_t>(dice.up_to(2));
  world.after_removal =
      dice.one_of({simulator::AfterRemoval::forbidden, simulator::AfterRemoval::none_answer});
  world.next_link_form = dice.one_of({NextLinkForm::plain, NextLinkForm::v1, NextLinkForm::absolute});
  world.removal_lag = dice.one_of({milliseconds(0), milliseconds(2000), milliseconds(600'000)});
  world.blockers = dice.one_of({simulator::Blockers::enforced, simulator::Blockers::let_through});
  world.listing.offered = dice.falls(75);
  world.listing.most_on_a_page = static_cast<std::size_t>(1 + dice.up_to(5));
  world.listing.names_relationship = dice.falls(90);
  world.sign_in.access_token_life = dice.one_of({seconds(300), seconds(3600)});
  return world;
}

}  // namespace offboard::test
