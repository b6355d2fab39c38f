#include "pace/pacer.hpp"

#include <algorithm>
#include <cmath>

namespace offboard {
namespace {

using Seconds = std::chrono::duration<double>;

/// In flight at first; a quota of ten a second is just met at a round trip of a second.
constexpr double k_first_cap = 8;
/// Accepted requests per further one in flight, below and above the first.
constexpr double k_cap_regains = 50;
constexpr double k_cap_grows = 200;
constexpr double k_most_in_flight = 256;
constexpr double k_cap_after_incident = 0.25;
constexpr double k_cap_after_bucket = 0.8;  // at most
/// What a full bucket lets through at once: a guess, some seconds' worth.
constexpr double k_saved_up = 20;

/// Of the capacity. A hundredth is more than the jitter of a round trip moves, and what trials win back.
constexpr double k_margin = 0.99;
/// Less than one a second is the gate's to handle: so slow a pace would cost more than it saves.
constexpr double k_least_rate = 1;
/// Accepted requests that an estimate must rest on: at first, and once there is one.
constexpr int k_enough = 100;
constexpr int k_enough_for_more = 25;  // also between two moments at which a bucket was empty
/// How much sooner a Retry-After in whole seconds may have been over.
constexpr milliseconds k_earliest = milliseconds(900);
constexpr milliseconds k_earliest_after_drop = milliseconds(700);
/// A Retry-After from here on is a window's: a bucket drips sooner.
constexpr milliseconds k_window_wait = seconds(5);

/// Relative raises, and for how long (seconds) each is watched: a whole window and a bit; less on the way
/// back to what is known.
constexpr double k_trial_step = 0.01;
constexpr double k_unsure_step = 0.03;
constexpr double k_first_step = 0.04;
constexpr double k_largest_step = 0.25;
constexpr double k_trial_time = 65;
constexpr double k_approach_time = 30;
/// Requests per refusal that trials may cost: a quarter per thousand.
constexpr double k_requests_per_refusal = 4000;
constexpr double k_least_cost = 3;  // until the gate is closed
/// However much a trial may cost, a rate that was learned wrong must not last for a whole night. Seconds.
constexpr double k_longest_put_off = 3600;

/// What is kept of the pace after two refusals of single customers.
constexpr double k_after_lone = 0.98;
/// Those further apart than this are their own.
constexpr milliseconds k_lone_together = std::chrono::minutes(5);
constexpr milliseconds k_short_time = seconds(10);
/// A quota refuses more than one request in so many, once it is met.
constexpr int k_sent_per_refusal = 15;
constexpr milliseconds k_longest_hold = seconds(2);
constexpr milliseconds k_first_pause = seconds(1);
constexpr int k_most_pause_doublings = 2;

/// Accepted since the last incident, over a minute: the pace is right.
constexpr int k_clean = 100;
/// For how long nothing is learned once refusals have shown that they do not depend on the pace.
constexpr milliseconds k_muted = std::chrono::minutes(3);

/// A turn of the loop may come late by this without the pace falling behind.
constexpr double k_slack_ms = 10;

double as_ms(Instant at) {
  return static_cast<double>(at.time_since_epoch().count());
}
Instant as_instant(double ms) {
  return Instant(milliseconds(static_cast<std::int64_t>(std::ceil(ms))));
}
double seconds_between(Instant from, Instant to) {
  return Seconds(to - from).count();
}

}  // namespace

Pacer::Pacer(std::optional<double> ceiling, std::optional<KnownRate> known, milliseconds longest_hold)
    : allowance_(longest_hold), cap_(k_first_cap) {
  if (ceiling) ceiling_ = *ceiling / 60;
  if (!known || known->per_minute / 60 < k_least_rate) return;
  capacity_ = evident_ = known->per_minute / 60;
  of_windows_ = known->is_of_windows;
  rate_ = plateau_ = proven_ = level();
  put_off_trial(known->trial_after, k_trial_step);
  raise_after_ = k_trial_time * *rate_;
}

double Pacer::level() const {
  return capacity_ * k_margin;
}

std::optional<double> Pacer::rate() const {
  if (!rate_) return ceiling_;
  return ceiling_ ? std::min(*ceiling_, *rate_) : *rate_;
}

Instant Pacer::due_at() const {
  return std::max(as_instant(next_ms_ - k_slack_ms), paused_until_);
}

bool Pacer::may_leave(Instant now, std::size_t in_flight) const {
  return next_at(now, in_flight) <= now;
}

Instant Pacer::next_at(Instant now, std::size_t in_flight) const {
  return std::max(paced_at(now, in_flight), allowance_.next_at(now, in_flight));
}

Instant Pacer::paced_at(Instant now, std::size_t in_flight) const {
  if (!rate_ && static_cast<double>(in_flight) >= std::floor(cap_)) return Instant::max();
  if (!rate()) return now;
  const auto due = due_at();
  if (due > now || !rate_ || !most_a_minute_) return due;
  const bool is_full = minute_.all(now - LastMinute::k_span, now) >= *most_a_minute_;
  return is_full ? now + milliseconds(20) : now;
}

void Pacer::left(Instant now) {
  minute_.sent(now);
  if (!started_) started_ = now;
  const auto pace = rate();
  if (!pace) return;
  // Who comes much later than he might was not held up by the pace: that tells nothing about it.
  on_time_ = as_ms(now) - next_ms_ <= 1000 / *pace + 100;
  next_ms_ = std::max(next_ms_, as_ms(now) - k_slack_ms) + 1000 / *pace;
}

void Pacer::answered(Instant sent_at, Instant now) {
  const auto took = seconds_between(sent_at, now);
  round_trip_ += (took - round_trip_) * (round_trip_ == 0 ? 1 : 0.05);
  ++accepted_;
  if (!rate_) {
    cap_ = std::min(k_most_in_flight, cap_ + 1 / (cap_ < k_first_cap ? k_cap_regains : k_cap_grows));
    return;
  }
  if (!on_time_ || sent_at <= changed_at_ || (ceiling_ && *rate_ >= *ceiling_)) return;
  --trial_after_;
  if (--raise_after_ <= 0) raise(now);
}

/// Back to what is known in a few halves; beyond it only when a trial is due, in small steps that double once
/// it is clear that the capacity has grown.
void Pacer::raise(Instant now) {
  const bool is_below = *rate_ < level() * 0.999;
  if (!is_below && trial_after_ > 0) return;
  proven_ = *rate_;
  if (is_below) {
    rate_ = std::min(level(), *rate_ + std::max((level() - *rate_) / 2, *rate_ * k_trial_step));
  } else {
    if (*rate_ > 1.03 * capacity_) step_ = std::min(step_ * 2, k_largest_step);
    rate_ = *rate_ * (1 + step_);
    most_a_minute_.reset();
  }
  in_trial_ = true;
  changed_at_ = now;
  raise_after_ = (is_below ? k_approach_time : k_trial_time) * *rate_;
}

void Pacer::refused(Instant sent_at, milliseconds retry_after, RefusalScope scope, Instant now) {
  minute_.refused(sent_at);
  const auto end = sent_at + retry_after;
  if (incident_ && sent_at <= incident_->reacted_at) {
    ++incident_->refusals;
    incident_->end = std::min(incident_->end, end);
    incident_->first_sent = std::min(incident_->first_sent, sent_at);
    if (scope == RefusalScope::everybody) incident_->scope = scope;
    return decide(now, false);
  }
  const auto is_past = [&](const Refusal& refusal) { return now - refusal.now > k_short_time; };
  lone_.erase(std::remove_if(lone_.begin(), lone_.end(), is_past), lone_.end());
  lone_.push_back({sent_at, end, now});
  const bool follows_another =
      last_lone_sent_ && *last_lone_sent_ > changed_at_ && sent_at - *last_lone_sent_ < k_lone_together;
  last_lone_sent_ = sent_at;
  const bool in_trial = in_trial_ && sent_at > changed_at_;
  // A few among many that were let through meanwhile are those customers' own.
  const int meanwhile = minute_.all(lone_.front().sent_at - LastMinute::k_step, now);
  if (static_cast<int>(lone_.size()) * k_sent_per_refusal < meanwhile) scope = RefusalScope::customer;
  if (scope == RefusalScope::everybody || (rate_ && (in_trial || follows_another))) {
    begin_incident(scope, in_trial, now);
  }
}

bool Pacer::told(std::int64_t left, milliseconds reset, Instant sent_at, Instant now) {
  if (!allowance_.hear(left, reset, sent_at, now)) return false;
  // A window's reset is told in whole seconds, rounded up; a bucket is empty now, and full then.
  const auto wait = reset >= k_window_wait ? reset - seconds(1) : milliseconds(0);
  lone_.assign(1, {now, now + wait, now});
  begin_incident(RefusalScope::everybody, in_trial_, now);
  return true;
}

void Pacer::begin_incident(RefusalScope scope, bool in_trial, Instant now) {
  Incident incident;
  incident.first_sent = lone_.front().sent_at;
  incident.end = lone_.front().end;
  for (const auto& refusal : lone_) {
    incident.first_sent = std::min(incident.first_sent, refusal.sent_at);
    incident.end = std::min(incident.end, refusal.end);
  }
  incident.reacted_at = now;
  incident.scope = scope;
  incident.refusals = static_cast<int>(lone_.size());
  incident.rate_before = rate_;
  incident.proven_before = proven_;
  incident.in_trial = in_trial;
  incident.is_soon = accepted_ < k_enough_for_more;
  incident.counted_from = counted_from_;
  lone_.clear();
  incident_ = incident;
  decide(now, true);
  accepted_ = 0;
}

/// Windows: what was let through in the minute that ended when something was to be had again. A bucket: since
/// the last time it was empty.
Pacer::Estimate Pacer::estimate_for(const Incident& incident) const {
  const auto wait = incident.end - incident.first_sent;
  // The first step of work counts too.
  const auto from_start = [&](Instant from) {
    return from <= *started_ ? *started_ - LastMinute::k_step : from;
  };
  auto from =
      from_start(std::min(incident.end, incident.first_sent + LastMinute::k_span) - LastMinute::k_span);
  if (!of_windows_ && incident.counted_from) from = std::max(from, *incident.counted_from);
  const double span =
      std::max(seconds_between(std::max(from, *started_), incident.end), of_windows_ ? 60.0 : 0.5);
  // An almost empty bucket refuses some and lets others through; from a closed window nothing comes.
  int accepted = minute_.accepted(from, of_windows_ ? incident.first_sent : incident.end);
  // Retry-After is in whole seconds, rounded up: the minute may have ended up to one earlier. Where it has
  // become less, too much would be refused again at once.
  if (of_windows_ && wait % seconds(1) == milliseconds(0)) {
    const bool seems_less = incident.rate_before && accepted / span < 0.9 * incident.proven_before;
    const auto earliest = seems_less ? k_earliest_after_drop : k_earliest;
    for (auto early = LastMinute::k_step; early <= earliest; early += LastMinute::k_step) {
      accepted = std::max(accepted, minute_.accepted(from_start(from - early),
                                                     std::min(incident.end - early, incident.first_sent)));
    }
  }
  const bool is_between = !of_windows_ && incident.counted_from;
  Estimate estimate;
  estimate.rate = accepted / span;
  estimate.is_evident = accepted >= (incident.rate_before || is_between ? k_enough_for_more : k_enough);
  const auto recent = minute_.accepted(incident.first_sent - k_short_time, incident.first_sent);
  const bool was_steady = estimate.rate > 0.97 * recent / Seconds(k_short_time).count();
  // Earlier refusals, of which nothing was learned, have closed the gate meanwhile.
  const auto before = incident.first_sent - LastMinute::k_step;
  const bool was_open = minute_.all(from, before) == minute_.accepted(from, before);
  estimate.is_sure =
      incident.end - *started_ >= seconds(59) && (of_windows_ || (span > 59 && was_steady && was_open));
  return estimate;
}

/// As many in flight as an emptied bucket would have borne without what it had saved up: who resumes with
/// fewer finds it full again, and learns too little from it. None for windows, which open at once.
double Pacer::sustained_cap(const Incident& incident) const {
  if (of_windows_ || incident.end - incident.first_sent >= k_window_wait) return 0;
  const auto from = std::max(*started_, incident.first_sent - LastMinute::k_span);
  const auto span = seconds_between(from, incident.first_sent);
  if (span < 1) return 0;  // too short to tell
  return (minute_.accepted(from, incident.first_sent) - k_saved_up) / span * round_trip_;
}

void Pacer::decide(Instant now, bool is_first_look) {
  const auto& incident = *incident_;
  const bool is_everybodys = incident.scope == RefusalScope::everybody;
  if (is_first_look && is_everybodys)
    cap_ = std::max(
        {1.0, cap_ * k_cap_after_incident, std::min(cap_ * k_cap_after_bucket, sustained_cap(incident))});
  if (is_everybodys && incident.end - incident.first_sent >= k_window_wait) of_windows_ = true;
  if (!is_worth_it(is_first_look, now)) return;
  const auto estimate = estimate_for(incident);
  const double cost = std::max(
      {static_cast<double>(incident.refusals), k_least_cost, incident.rate_before.value_or(0) * round_trip_});
  const bool has_dropped =
      is_everybodys && estimate.is_evident && estimate.rate < 0.9 * incident.proven_before;
  if (incident.in_trial && !has_dropped) {
    decide_trial(estimate, cost, now);
  } else if (!is_everybodys) {
    if (is_first_look) decide_lone(estimate, cost, now);
  } else if (estimate.is_evident) {
    if (is_first_look && incident.rate_before && incident.is_soon) pause_longer(now);
    if (is_first_look && !incident.is_soon) pauses_ = 0;
    decide_by(estimate, cost, now);
  } else if (is_first_look && incident.rate_before) {
    decide_without_evidence(now);
  }
  if (is_first_look && (estimate.is_evident || !counted_from_)) counted_from_ = incident.end;
}

/// Whether to believe (still) that the pace makes a difference. Refusals that go on although it has become a
/// third have another cause; the gate alone handles those.
bool Pacer::is_worth_it(bool is_first_look, Instant now) {
  if (now < muted_until_) return false;
  if (!is_first_look || !incident_->rate_before) return true;
  const bool was_clean = accepted_ >= k_clean && now - changed_at_ >= LastMinute::k_span;
  if (was_clean || incident_->in_trial || troubled_from_ == 0) troubled_from_ = *rate_;
  if (*rate_ > troubled_from_ / 3) return true;
  muted_until_ = now + k_muted;
  troubled_from_ = 0;
  rate_.reset();
  in_trial_ = false;
  paused_until_ = {};
  most_a_minute_.reset();
  return false;
}

void Pacer::decide_trial(const Estimate& estimate, double cost, Instant now) {
  const auto& incident = *incident_;
  const double proven = incident.proven_before;
  const double failed = *incident.rate_before;
  const double found = estimate.is_evident ? std::clamp(estimate.rate, proven, failed) : failed;
  // A bucket takes minutes to run dry: what it bore for a minute is no proof.
  const bool is_told = of_windows_ && estimate.is_evident;
  const double rate = is_told ? std::min(proven, found * k_margin) : std::max(plateau_, 0.97 * proven);
  set(rate, now);
  capacity_ = is_told ? found : rate / k_margin;
  evident_ = rate / k_margin;
  most_a_minute_ = static_cast<int>(std::ceil(rate * 60)) + 1;
  const bool was_far_off = failed > 1.05 * rate;
  put_off_trial(was_far_off ? k_trial_time * rate : cost * k_requests_per_refusal, k_trial_step);
  hold_until(incident.first_sent + std::min(incident.end - incident.first_sent, k_longest_hold));
}

/// Two customers within minutes: a bucket that is a little too small for the pace looks like this, and so do
/// customers with limits of their own. A little less, then; and not much less, however often.
void Pacer::decide_lone(const Estimate& estimate, double cost, Instant now) {
  const auto& incident = *incident_;
  const double before = *incident.rate_before;
  double rate = std::max(before * k_after_lone, std::min(before, 0.95 * evident_));
  if (incident.is_soon) {
    pause_longer(now);
    rate = before * 0.95;
    if (estimate.is_evident) rate = std::min(rate, estimate.rate * k_margin);
  }
  set(rate, now);
  capacity_ = *rate_ / k_margin;
  put_off_trial(cost * k_requests_per_refusal, k_trial_step);
  hold_until(incident.first_sent + std::min(incident.end - incident.first_sent, k_longest_hold));
}

/// Refused again before enough was accepted to tell how much is let through now.
void Pacer::decide_without_evidence(Instant now) {
  pause_longer(now);
  set(std::max(capacity_ / 2, *incident_->rate_before * 0.75), now);
  put_off_trial(2 * k_trial_time * *rate_, k_trial_step);
}

void Pacer::decide_by(const Estimate& estimate, double cost, Instant now) {
  if (estimate.rate < k_least_rate) return;
  const auto& incident = *incident_;
  capacity_ = evident_ = estimate.rate;
  auto rate = level();
  // The count is older than what has changed: go down all the same.
  if (incident.rate_before && rate > *incident.rate_before * 0.985) {
    rate = *incident.rate_before * 0.97;
    capacity_ = std::min(capacity_, rate / k_margin);
  }
  set(rate, now);
  most_a_minute_ = static_cast<int>(std::ceil(estimate.rate * 60));
  if (estimate.is_sure) return put_off_trial(cost * k_requests_per_refusal, k_trial_step);
  put_off_trial(k_trial_time * rate, incident.rate_before ? k_unsure_step : k_first_step);
}

void Pacer::set(double rate, Instant now) {
  if (!rate_) next_ms_ = std::max(next_ms_, as_ms(now));
  rate_ = plateau_ = proven_ = std::max(rate, k_least_rate);
  in_trial_ = false;
  changed_at_ = now;
}

void Pacer::put_off_trial(double requests, double step) {
  trial_after_ = std::min(requests, k_longest_put_off * *rate_);
  step_ = step;
  raise_after_ = k_approach_time * *rate_;
}

void Pacer::hold_until(Instant until) {
  next_ms_ = std::max(next_ms_, as_ms(until));
}

void Pacer::pause_longer(Instant now) {
  paused_until_ = now + k_first_pause * (1 << std::min(pauses_, k_most_pause_doublings));
  ++pauses_;
}

std::optional<KnownRate> Pacer::known() const {
  if (!rate_) return std::nullopt;
  return KnownRate{std::max(capacity_, proven_ / k_margin) * 60, std::max(trial_after_, 0.0), of_windows_};
}

}  // namespace offboard
