// The part of the loop that reads the service's list of customers instead of each customer by itself.
#include "decide/decide.hpp"
#include "run/runner.hpp"

namespace offboard {

bool Runner::wants_list_page() const {
  // The next one comes while the last one's tenants are being worked at, and is young when they are done.
  const bool runs_low = on_list_.size() <= parts_.workers.size();
  return runs_low && !limit_met_ && has_more_to_take_up() && breaker_.mode() == Breaker::Mode::closed &&
         customer_list_.wants_page(parts_.clock.now());
}

void Runner::send_list_page() {
  auto ask = customer_list_.next_page(parts_.random.guid(), parts_.random.guid(), parts_.clock.now());
  if (mode_ == Mode::run) ask.mfa = token_check_.question();
  put_out(std::move(ask), {});
}

/// Rather than read somebody who may be on the page that is under way.
bool Runner::awaits_list() const {
  const auto until = customer_list_.awaited_until();
  return until && parts_.clock.now() < *until;
}

void Runner::take_list_page(const Out& out, const Reply& reply) {
  const auto now = parts_.clock.now();
  customer_list_.take(reply, retry_limits(), now, parts_.random);
  // Before the gate is closed: one refusal teaches nothing of what everybody may do.
  if (!is_stopping()) note_pace(out, reply);
  // It names no customer, so it may be the partner who is to wait. It may also be the list's own limit, which
  // must not keep a whole run away.
  if (reply.verdict == Verdict::throttled &&
      reply.retry_after.value_or(job_.retry.max_wait) < job_.retry.max_wait)
    close_gate(reply);
  if (is_stopping()) return;
  take_health(out, reply);
  if (reply.verdict == Verdict::unauthorized) session_.refuse(out.token_generation);
  if (reply.verdict != Verdict::taken) return;
  // Silence here is not yet silence where it was always asked.
  if (reply.mfa != MfaWord::none) token_check_.hear(reply.mfa);
  for (const auto& item : std::get<CustomerPage>(reply.content).items) take_from_list(item, out.sent_at);
}

void Runner::close_gate(const Reply& reply) {
  const auto wait = *reply.retry_after + k_rounding;
  gate_.close_until(parts_.clock.now() + wait);
  const auto utc = parts_.clock.utc();
  parts_.ledger.set_service_wait({utc, utc + wait});
  parts_.listener.on_pause("throttled: " + reply.evidence.message, wait);
}

/// Whoever is there as the operator's list says needs no read of its own. Anybody else is read by itself when
/// its turn comes: who is missing here, odd, or in whose way something stands by this alone.
void Runner::take_from_list(const CustomerListItem& item, Instant asked_at) {
  auto work = parts_.ledger.untroubled_work_of(item.tenant);
  if (!work) return;
  Facts facts;
  facts.customer = item.customer;
  if (!blockers_on(Side::customer, work->listed, facts, job_.policy.software).empty()) return;
  auto journey = journey_of(std::move(*work));
  if (journey.only) return;
  if (!queue_.take_out_of_turn(journey.work.number)) return;
  journey.take_listed_customer(item.customer, asked_at);
  on_list_.push_back(std::move(journey));
  customer_list_.note_saved();
}

}  // namespace offboard
