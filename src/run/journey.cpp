#include "run/journey.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/defect.hpp"
#include "decide/decide.hpp"

namespace offboard {
namespace {

/// No customer has this many pages; a service that goes on longer is not believed.
constexpr std::size_t k_max_pages = 1000;

template <typename Item>
void mark_incomplete(Collection<Item>& collection, const std::string& why) {
  collection.completeness = Completeness::incomplete;
  collection.shortfall = why;
}

/// A page delivered twice does not stand for one that never came.
std::int64_t count_distinct(const std::vector<Subscription>& subscriptions) {
  std::set<std::string_view> ids;
  std::int64_t nameless = 0;
  for (const auto& subscription : subscriptions) {
    if (subscription.id.empty()) {
      ++nameless;
    } else {
      ids.insert(subscription.id);
    }
  }
  return nameless + static_cast<std::int64_t>(ids.size());
}

/// Entitlements have no id of their own.
std::int64_t count_distinct(const std::vector<Entitlement>& entitlements) {
  return static_cast<std::int64_t>(entitlements.size());
}

Step step_of(Side side) {
  switch (side) {
    case Side::customer: return Step::read_customer;
    case Side::subscriptions: return Step::read_subscriptions;
    case Side::entitlements: return Step::read_entitlements;
  }
  throw Defect("every side is read by a step");
}

}  // namespace

Journey::Journey(Work taken, std::optional<Side> only_side)
    : work(std::move(taken)), only(only_side), wait(work.wait) {
  if (only) step = step_of(*only);
  // Off the list, but with a PATCH whose outcome is unknown: it is looked at, and nothing else.
  if (work.state == State::withdrawn) step = Step::read_back;
}

What Journey::what() const {
  switch (step) {
    case Step::read_customer:
    case Step::read_back: return What::customer;
    case Step::read_subscriptions: return What::subscriptions;
    case Step::read_entitlements: return What::entitlements;
    case Step::remove: return What::removal;
  }
  throw Defect("every step asks for something");
}

void Journey::begin_collection() {
  page_.reset();
  seen_pages_.clear();
  announced_ = 0;
}

void Journey::start_over() {
  facts = Facts{};
  in_hand_.clear();
  is_known_from_list_ = false;
  customer_read_at_.reset();
  collections_read_since_.reset();
  ++restarts;
  read_the_rest();
}

void Journey::read_the_rest() {
  only.reset();
  go_to_next_side();
}

void Journey::take_listed_customer(Customer customer, Instant asked_at) {
  facts.customer = std::move(customer);
  customer_read_at_ = asked_at;
  is_known_from_list_ = true;
  in_hand_.insert(Side::customer);
  go_to_next_side();
}

void Journey::read_customer_again() {
  in_hand_.erase(Side::customer);
  go_to_next_side();
}

void Journey::go_to_next_side() {
  begin_collection();
  const auto next = std::find_if(k_all_sides.begin(), k_all_sides.end(),
                                 [&](Side side) { return in_hand_.count(side) == 0; });
  ensure(next != k_all_sides.end(), "there is a side to read");
  step = step_of(*next);
}

Progress Journey::complete(Side side) {
  if (side == Side::customer) is_known_from_list_ = false;
  in_hand_.insert(side);
  if (only) return LookAtSide{};
  if (has_read_everything()) return Settle{};
  go_to_next_side();
  return ReadOn{};
}

Instant Journey::facts_since() const {
  ensure(customer_read_at_ || collections_read_since_, "there are facts");
  constexpr auto k_never = Instant::max();
  return std::min(customer_read_at_.value_or(k_never), collections_read_since_.value_or(k_never));
}

Ask Journey::next_read(const Guid& request_id, const Guid& correlation_id, Instant now) {
  ensure(step != Step::remove, "a removal is no read");
  if (step == Step::read_customer) customer_read_at_ = now;
  const bool is_collection = step == Step::read_subscriptions || step == Step::read_entitlements;
  const bool has_collection = in_hand_.count(Side::subscriptions) + in_hand_.count(Side::entitlements) > 0;
  if (is_collection && !page_ && !has_collection) collections_read_since_ = now;
  Ask ask;
  ask.what = what();
  ask.tenant = work.listed.tenant_id;
  ask.page = page_;
  ask.request_id = request_id;
  ask.correlation_id = correlation_id;
  return ask;
}

Progress Journey::take(Reply& reply) {
  if (reply.verdict != Verdict::unauthorized) signed_in_anew_ = false;
  if (reply.verdict != Verdict::withheld) wait.reset();
  switch (reply.verdict) {
    case Verdict::taken: unanswered_ = throttled_ = 0; return take_content(reply);
    case Verdict::unanswered: return take_unanswered();
    case Verdict::throttled: return WaitAndRetry{Trouble::throttled, ++throttled_};
    case Verdict::unauthorized:
      if (signed_in_anew_) return SignedOut{};
      signed_in_anew_ = true;
      return SignInAnew{};
    case Verdict::no_relationship:
      if (step == Step::remove) return take_unanswered();
      return Gone{work.open_patch ? k_reason_read_back : k_reason_already_removed};
    case Verdict::refused:
    case Verdict::pending:
    case Verdict::slow_down: return Fail{};
    case Verdict::withheld: start_over(); return ReadOn{};
  }
  return Fail{};
}

/// A removal whose outcome is not certain is followed by a look at the customer, never by another removal.
Progress Journey::take_unanswered() {
  if (step != Step::remove) return WaitAndRetry{Trouble::unanswered, ++unanswered_};
  step = Step::read_back;
  unanswered_ = 0;
  return ReadBack{++removals_unanswered};
}

Progress Journey::take_content(Reply& reply) {
  switch (step) {
    case Step::read_customer: {
      auto progress = take_customer(std::get<Customer>(reply.content));
      return std::holds_alternative<Settle>(progress) ? complete(Side::customer) : progress;
    }
    case Step::read_subscriptions:
      if (!take_page(std::get<SubscriptionPage>(reply.content), facts.subscriptions)) return ReadOn{};
      return complete(Side::subscriptions);
    case Step::read_entitlements:
      if (!take_page(std::get<EntitlementPage>(reply.content), facts.entitlements)) return ReadOn{};
      return complete(Side::entitlements);
    case Step::read_back: return take_customer(std::get<Customer>(reply.content));
    case Step::remove: return Gone{k_reason_confirmed};
  }
  return Fail{};
}

Progress Journey::take_customer(Customer& customer) {
  facts.customer = std::move(customer);
  if (!says_no_relationship(facts.customer)) return Settle{};
  return Gone{work.open_patch ? k_reason_read_back : k_reason_already_removed};
}

/// True when this was the last page.
template <typename Page, typename Item>
bool Journey::take_page(Page& page, Collection<Item>& collection) {
  if (seen_pages_.empty()) collection = {};
  std::move(page.items.begin(), page.items.end(), std::back_inserter(collection.items));
  announced_ = std::max(announced_, page.announced.value_or(0));
  if (!page.bad_next.empty()) {
    mark_incomplete(collection, page.bad_next);
    return true;
  }
  if (page.next) {
    if (!seen_pages_.insert(page.next->identity()).second) {
      mark_incomplete(collection, "the link to the next page leads in a circle");
      return true;
    }
    if (seen_pages_.size() >= k_max_pages) {
      mark_incomplete(collection, fmt::format("more than {} pages", k_max_pages));
      return true;
    }
    page_ = page.next;
    return false;
  }
  const auto delivered = count_distinct(collection.items);
  if (announced_ > delivered) {
    mark_incomplete(collection, fmt::format("{} announced, {} delivered", announced_, delivered));
  }
  return true;
}

}  // namespace offboard
