// The part of the loop that listens to how much the service bears.
#include <algorithm>
#include <cmath>

#include "run/known_rate.hpp"
#include "run/runner.hpp"

namespace offboard {
namespace {

/// A smaller change is not worth telling.
constexpr double k_little = 0.03;

bool is_another(double rate, double before) {
  return std::abs(rate - before) > k_little * before;
}

}  // namespace

/// A 429 that does not say how long to wait may say all the same when something is to be had again.
void Runner::take_wait_from_quota(Reply& reply) const {
  const auto& left = reply.quota_left;
  if (reply.retry_after || !left || left->requests > 0 || left->until_more == milliseconds(0)) return;
  reply.retry_after = std::min(left->until_more, job_.retry.max_wait);
}

/// After the gate was told.
void Runner::note_pace(const Out& out, const Reply& reply) {
  const auto now = parts_.clock.now();
  if (reply.verdict != Verdict::throttled) {
    pacer_.answered(out.sent_at, now);
    if (hears_end_of_quota(out, reply)) tell_pace();
    return;
  }
  const auto scope = gate_.opens_at() > now ? RefusalScope::everybody : RefusalScope::customer;
  pacer_.refused(out.sent_at, reply.retry_after.value_or(milliseconds(0)), scope, now);
  tell_pace();
}

/// A customer's own count falls with each of its pages, as only everybody's should.
bool Runner::hears_end_of_quota(const Out& out, const Reply& reply) {
  const auto& left = reply.quota_left;
  if (!left || (out.journey && out.is_further_page)) return false;
  const bool is_over = pacer_.told(left->requests, left->until_more, out.sent_at, parts_.clock.now());
  if (!is_over) return false;
  parts_.listener.on_pause("the service says that nothing is left of its quota",
                           std::min(left->until_more, job_.retry.max_wait));
  return true;
}

/// What turned out to be no quota is not the next run's start either.
void Runner::tell_pace() {
  const auto known = pacer_.known();
  if (!known && told_per_minute_ > 0) {
    told_per_minute_ = 0;
    parts_.ledger.forget_pace();
  }
  if (!known || !is_another(known->per_minute, told_per_minute_)) return;
  told_per_minute_ = known->per_minute;
  learned_at_ = parts_.clock.utc();
  parts_.listener.on_quota(told_per_minute_);
  parts_.ledger.set_pace(pace_record(*known, learned_at_));
}

/// What an earlier run learned.
void Runner::remember_pace() {
  const auto record = parts_.ledger.pace();
  if (!record) return;
  told_per_minute_ = static_cast<double>(record->per_hour) / 60;
  learned_at_ = record->learned_at;
}

/// For the next run. What this one only went by is as old as it was.
void Runner::keep_pace() {
  const auto known = pacer_.known();
  if (!known) return;
  if (is_another(known->per_minute, told_per_minute_)) learned_at_ = parts_.clock.utc();
  parts_.ledger.set_pace(pace_record(*known, learned_at_));
}

}  // namespace offboard
