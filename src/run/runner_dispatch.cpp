// The half of the loop that chooses what is sent next, and records before it sends.
#include <fmt/format.h>

#include <algorithm>
#include <climits>

#include "base/defect.hpp"
#include "decide/recheck.hpp"
#include "run/changes.hpp"
#include "run/runner.hpp"

namespace offboard {
namespace {

/// Tenants waiting at once for a time of their own. Bounds memory; more would mean that everybody is
/// throttled.
constexpr std::size_t k_max_journeys = 1000;

/// For what another program does with a refresh token beside the request itself: getting its client secret,
/// and storing the new token.
constexpr milliseconds k_turn_grace = std::chrono::minutes(1);

/// Of a blocked tenant a run perhaps reads only another side.
bool is_to_read(const Work& work, Mode mode) {
  return work.state == State::pending || work.state == State::checked || work.state == State::ready ||
         (work.state == State::blocked && mode == Mode::check);
}

}  // namespace

void Runner::dispatch() {
  while (!is_stopping() && !parts_.stop.is_asked() && out_.size() < parts_.workers.size() && may_send_now()) {
    const bool asks_list = wants_list_page();
    const auto journey = asks_list ? std::nullopt : next_journey();
    if (!asks_list && !journey) break;
    if (!session_.is_signed_in(parts_.clock.now())) {
      send_sign_in();
      break;
    }
    if (asks_list) {
      send_list_page();
    } else {
      send(*journey);
    }
  }
  if (limit_met_) leave_what_was_not_begun();
  flush();
}

/// The limit ends every turn whose PATCH was not begun; the others are finished.
void Runner::leave_what_was_not_begun() {
  for (auto it = journeys_.begin(); it != journeys_.end();) {
    const auto journey = it++;
    if (!journey->is_out && !journey->begun && !journey->work.open_patch)
      leave(journey, std::nullopt, "policy.max_patches reached");
  }
}

/// Promise 2: what is to be sent leaves only once the commit with its intent has returned.
void Runner::flush() {
  if (commit_by_ && (is_stopping() || *commit_by_ <= parts_.clock.now())) commit();
  for (auto& errand : to_hand_out_) {
    ensure(errand.ask.what != What::removal || to_commit_.empty(),
           "an intent is on disk before its removal leaves");
    ++counters_.requests;
    parts_.workers.hand_out(std::move(errand));
  }
  to_hand_out_.clear();
}

void Runner::commit() {
  if (!to_commit_.empty()) parts_.ledger.commit(to_commit_, counters_);
  to_commit_.clear();
  commit_by_.reset();
}

bool Runner::may_send_now() {
  const auto now = parts_.clock.now();
  is_held_by_pace_ = false;
  if (signing_in_ || now < gate_.opens_at()) return false;
  if (breaker_.mode() == Breaker::Mode::closed) {
    is_held_by_pace_ = !pacer_.may_leave(now, out_.size());
    return !is_held_by_pace_;
  }
  return out_.empty() && now >= breaker_.probe_at();
}

std::optional<Runner::Journeys::iterator> Runner::next_journey() {
  if (breaker_.mode() != Breaker::Mode::closed) return next_probe();
  if (const auto due = next_due()) return due;
  return take_up();
}

std::optional<Runner::Journeys::iterator> Runner::next_due() {
  const auto now = parts_.clock.now();
  for (auto it = journeys_.begin(); it != journeys_.end(); ++it) {
    if (!it->is_out && it->not_before <= now) return it;
  }
  return std::nullopt;
}

/// A tenant not tried yet tells more about the service than one that keeps failing, and a read risks less.
std::optional<Runner::Journeys::iterator> Runner::next_probe() {
  if (const auto fresh = take_up()) return fresh;
  const auto now = parts_.clock.now();
  const auto worth = [](const Journey& journey) {
    return std::pair(journey.step == Step::remove, journey.troubles);
  };
  std::optional<Journeys::iterator> best;
  for (auto it = journeys_.begin(); it != journeys_.end(); ++it) {
    if (it->is_out || it->not_before > now) continue;
    if (!best || worth(*it) < worth(**best)) best = it;
  }
  return best;
}

/// A check looks at everything, because somebody asked for it; so does whoever has a PATCH to be read back.
Journey Runner::journey_of(Work work) const {
  auto terms = terms_of(work.listed, job_.policy.software);
  std::optional<Side> only;
  if (mode_ == Mode::run && work.state == State::blocked && !work.open_patch)
    only =
        side_to_recheck(parts_.ledger.blockers_of(work.number), work.full_check, terms, parts_.clock.utc());
  Journey journey(std::move(work), only);
  journey.terms = std::move(terms);
  return journey;
}

/// After the open PATCHes those from the list of customers, whose facts are ageing.
std::optional<Journey> Runner::next_in_line() {
  if (!has_more_to_take_up()) return std::nullopt;
  const auto* first = queue_.next();
  const bool is_open = first != nullptr && first->open_patch.has_value();
  if (!is_open && !on_list_.empty()) {
    auto journey = std::move(on_list_.front());
    on_list_.pop_front();
    return journey;
  }
  if (!is_open && awaits_list()) return std::nullopt;
  auto journey = journey_of(queue_.take());
  if (is_to_read(journey.work, mode_)) customer_list_.note_read();
  return journey;
}

std::optional<Runner::Journeys::iterator> Runner::take_up() {
  while (journeys_.size() < k_max_journeys) {
    auto next = next_in_line();
    if (!next) break;
    journeys_.push_back(std::move(*next));
    const auto journey = std::prev(journeys_.end());
    if (!journey->wait) return journey;
    journey->not_before = instant_of(journey->wait->until);
    const auto wait = journey->not_before - parts_.clock.now();
    if (wait <= milliseconds(0)) return journey;
    if (wait > job_.retry.max_wait) {
      count_left(journey->work);
      finish(journey, unmoved_change(
                          *journey, std::nullopt,
                          fmt::format("the service asked to wait until {}", iso_text(journey->wait->until))));
      continue;
    }
  }
  return std::nullopt;
}

void Runner::put_out(Ask ask, Out out) {
  out.what = ask.what;
  out.credentials = ask.credentials;
  out.sent_at = parts_.clock.now();
  out.is_probe = out.journey && breaker_.mode() == Breaker::Mode::probing;
  out.is_further_page = ask.page.has_value();
  if (out.journey) (*out.journey)->is_out = true;
  if (!is_sign_in(ask.what)) {
    ask.token = session_.token();
    out.token_generation = ask.token->generation;
    pacer_.left(out.sent_at);
  }
  out_.emplace(++last_ticket_, out);
  to_hand_out_.push_back({last_ticket_, std::move(ask)});
}

void Runner::send_sign_in() {
  if (parts_.clock.now() < sign_in_not_before_) return;
  if (!session_.take_turn()) return wait_for_turn();
  turn_awaited_since_.reset();
  auto ask = session_.sign_in();
  if (!ask) return stop(Ending::signed_out, ask.error());
  signing_in_ = true;
  put_out(std::move(*ask), {});
}

/// Another program is renewing the same refresh token. That takes it as long as its request at most.
void Runner::wait_for_turn() {
  const auto now = parts_.clock.now();
  if (!turn_awaited_since_) turn_awaited_since_ = now;
  if (now - *turn_awaited_since_ > job_.retry.timeout + k_turn_grace) {
    return stop(Ending::service_unavailable, fmt::format("another program keeps {} locked",
                                                         job_.partner_center.refresh_token_file.string()));
  }
  sign_in_not_before_ = now + k_look_for_turn;
}

void Runner::send(Journeys::iterator journey) {
  if (journey->step == Step::remove) return send_removal(journey);
  send_read(journey);
}

void Runner::send_read(Journeys::iterator journey) {
  Out out;
  out.journey = journey;
  auto ask = journey->next_read(parts_.random.guid(), parts_.random.guid(), parts_.clock.now());
  // A check never stops for it, so it need not know.
  if (mode_ == Mode::run && ask.what == What::customer) ask.mfa = token_check_.question();
  put_out(std::move(ask), out);
}

/// The one place from which a PATCH comes. Promise 1: the tenant is on the list (the commit insists on it
/// too), its facts were read completely in this run, show no blocker (settle() decided so), and are fresh.
void Runner::send_removal(Journeys::iterator journey) {
  ensure(journey->has_read_everything(), "a removal rests on complete facts");
  const bool is_fresh = journey->facts_within(job_.policy.recheck_after, parts_.clock.now());
  const bool has_fresh_collections =
      journey->collections_within(job_.policy.recheck_after, parts_.clock.now());
  const bool must_ask = token_check_.question() == MfaQuestion::asked;
  if (journey->is_known_from_list() && (must_ask || (!is_fresh && has_fresh_collections))) {
    journey->read_customer_again();
    return send_read(journey);
  }
  if (const auto objection = token_check_.objection(); !objection.empty())
    return stop(Ending::signed_out, "no removal was sent: " + objection);
  if (journey->restarts >= job_.retry.max_attempts) {
    return leave(journey, std::nullopt, "reading the facts takes longer than policy.recheck_after allows");
  }
  if (!is_fresh) {
    journey->start_over();
    return send_read(journey);
  }
  if (journey->removals_unanswered >= job_.retry.max_attempts) {
    return leave(journey, std::nullopt,
                 fmt::format("{} removals without a certain answer; read back, not removed so far",
                             journey->removals_unanswered));
  }
  if (!journey->begun) {
    // One begun in an earlier run counts too, but is always finished.
    const bool is_open = journey->work.open_patch.has_value();
    if (!is_open && removals_begun_ >= job_.policy.max_patches.value_or(INT_MAX)) {
      limit_met_ = true;
      return leave(journey, std::nullopt, "policy.max_patches reached");
    }
    ++removals_begun_;
    journey->begun = true;
  }
  auto& work = journey->work;
  if (!work.open_patch) work.open_patch = OpenPatch{parts_.random.guid(), parts_.random.guid()};
  ++work.attempts;
  record(journey, intent_change(*journey, parts_.clock.utc()));
  Ask ask;
  ask.what = What::removal;
  ask.tenant = work.listed.tenant_id;
  ask.request_id = work.open_patch->request_id;
  ask.correlation_id = work.open_patch->correlation_id;
  ask.not_after = journey->facts_since() + job_.policy.recheck_after;
  Out out;
  out.journey = journey;
  put_out(std::move(ask), out);
}

std::optional<Instant> Runner::wake_at() const {
  auto wake = deadline_;
  const auto also = [&](Instant at) { wake = wake ? std::min(*wake, at) : at; };
  if (commit_by_) also(*commit_by_);
  if (out_.size() >= parts_.workers.size() || signing_in_) return wake;
  const auto now = parts_.clock.now();
  auto earliest =
      std::max(gate_.opens_at(), breaker_.mode() == Breaker::Mode::probing ? breaker_.probe_at() : now);
  if (breaker_.mode() == Breaker::Mode::probing && !out_.empty()) return wake;
  if (!session_.is_signed_in(now)) earliest = std::max(earliest, sign_in_not_before_);
  if (earliest > now) {
    also(earliest);
    return wake;
  }
  if (is_held_by_pace_) {
    // Its time may have come since; then there is no waiting at all.
    const auto next = pacer_.next_at(now, out_.size());
    if (next != Instant::max()) also(next);
    return wake;
  }
  for (const auto& journey : journeys_) {
    if (!journey.is_out) also(journey.not_before);
  }
  if (awaits_list()) {
    also(*customer_list_.awaited_until());
  } else if (out_.empty() && has_more_to_take_up() && journeys_.size() < k_max_journeys) {
    // What kept the next tenant from being taken up has ended since.
    also(now);
  }
  return wake;
}

/// Tenants with an open PATCH come first in the queue and are taken up whatever the limit.
bool Runner::has_more_to_take_up() const {
  if (!limit_met_ && !on_list_.empty()) return true;
  const auto* next = queue_.next();
  return next != nullptr && (!limit_met_ || next->open_patch.has_value());
}

/// Nobody needs a page of the list that is still under way.
bool Runner::is_idle() const {
  const std::size_t pages_out = customer_list_.is_out() ? 1 : 0;
  return out_.size() == pages_out && journeys_.empty() && !has_more_to_take_up();
}

}  // namespace offboard
