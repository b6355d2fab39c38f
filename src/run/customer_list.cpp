#include "run/customer_list.hpp"

#include <functional>

#include "base/defect.hpp"

namespace offboard {
namespace {

/// What the list may cost without having brought anything.
constexpr std::int64_t k_asked_on_trust = 2;

/// In a row. A further one is the list's own limit rather than everybody's.
constexpr int k_refusals_borne = 1;

/// A page takes the service a few seconds.
constexpr seconds k_worth_waiting = seconds(10);

}  // namespace

bool CustomerList::wants_page(Instant now) const {
  return !is_over_ && !is_out() && now >= not_before_ && to_read_ > 0 && asked_ < saved_ + k_asked_on_trust;
}

Ask CustomerList::next_page(const Guid& request_id, const Guid& correlation_id, Instant now) {
  ensure(!is_out(), "one page is asked for at a time");
  ++asked_;
  asked_at_ = now;
  Ask ask;
  ask.what = What::customers;
  ask.page = page_;
  ask.request_id = request_id;
  ask.correlation_id = correlation_id;
  return ask;
}

std::optional<Instant> CustomerList::awaited_until() const {
  return asked_at_ ? std::optional(*asked_at_ + k_worth_waiting) : std::nullopt;
}

void CustomerList::take(const Reply& reply, const RetryLimits& limits, Instant now, Random& random) {
  asked_at_.reset();
  if (reply.verdict == Verdict::taken) return take_page(std::get<CustomerPage>(reply.content));
  if (reply.verdict == Verdict::unauthorized) {
    is_over_ = ++unauthorized_ > 1;
    return;
  }
  const bool is_throttled = reply.verdict == Verdict::throttled;
  const bool may_answer_yet =
      is_throttled ? throttled_ < k_refusals_borne : reply.verdict == Verdict::unanswered;
  if (!may_answer_yet) {
    is_over_ = true;
    return;
  }
  const auto next = next_try(is_throttled ? Trouble::throttled : Trouble::unanswered,
                             is_throttled ? ++throttled_ : ++unanswered_, reply.retry_after, limits, random);
  const auto* again = std::get_if<Again>(&next);
  is_over_ = again == nullptr;
  if (again != nullptr) not_before_ = now + again->wait;
}

void CustomerList::take_page(const CustomerPage& page) {
  unanswered_ = throttled_ = unauthorized_ = 0;
  page_ = page.next;
  is_over_ = !page_ || !seen_pages_.insert(std::hash<std::string>{}(page_->identity())).second;
}

}  // namespace offboard
