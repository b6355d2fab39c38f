// The part of the loop that listens to how much the service bears.
#include <cmath>

#include "run/known_rate.hpp"
#include "run/runner.hpp"

namespace offboard {
namespace {

/// A smaller change is not worth telling.
constexpr double k_little = 0.03;

}  // namespace

/// After the gate was told.
void Runner::note_pace(const Out& out, const Reply& reply) {
  const auto now = parts_.clock.now();
  if (reply.verdict != Verdict::throttled) return pacer_.answered(out.sent_at, now);
  const auto scope = gate_.opens_at() > now ? RefusalScope::everybody : RefusalScope::customer;
  pacer_.refused(out.sent_at, reply.retry_after.value_or(milliseconds(0)), scope, now);
  const auto known = pacer_.known();
  if (!known || std::abs(known->per_minute - told_per_minute_) <= k_little * told_per_minute_) return;
  told_per_minute_ = known->per_minute;
  parts_.listener.on_quota(told_per_minute_);
  parts_.ledger.set_pace(pace_record(*known, parts_.clock.utc()));
}

/// For the next run.
void Runner::keep_pace() {
  if (const auto known = pacer_.known()) parts_.ledger.set_pace(pace_record(*known, parts_.clock.utc()));
}

}  // namespace offboard
