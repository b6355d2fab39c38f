#include "run/runner.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/defect.hpp"
#include "decide/decide.hpp"
#include "decide/recheck.hpp"
#include "run/changes.hpp"
#include "run/known_rate.hpp"

namespace offboard {
namespace {

/// How long to wait for requests that were dropped to be handed back.
constexpr milliseconds k_dropped_return = seconds(2);

/// What is found again by reading again waits so long for others to be committed with: at full speed, one
/// sync of the disk then serves many tenants. It is lost if the process dies meanwhile, as if the answers had
/// come too late.
constexpr milliseconds k_commit_together = milliseconds(25);

std::string said(const Evidence& evidence) {
  return evidence.error_code.empty() ? evidence.message
                                     : fmt::format("{}: {}", evidence.error_code, evidence.message);
}

}  // namespace

Runner::Runner(const Job& job, Mode mode, const RunParts& parts)
    : job_(job),
      mode_(mode),
      parts_(parts),
      session_(job.partner_center),
      token_check_(job.partner_center),
      gate_(job.retry.max_wait),
      breaker_(retry_limits()),
      pacer_(job.rate.per_minute, known_rate(parts.ledger.pace(), parts.clock.utc()), job.retry.max_wait),
      queue_(parts.ledger) {}

RunOutcome Runner::run(const ImportCounts& list) {
  began_ = parts_.clock.now();
  began_utc_ = parts_.clock.utc();
  queue_.open();
  remember_pace();
  const auto standing = parts_.ledger.standing();
  const auto to_recheck = mode_ == Mode::check ? standing.blocked : 0;
  customer_list_ =
      CustomerList(standing.pending + standing.checked + standing.ready + to_recheck, parts_.list_worth_from);
  if (job_.policy.deadline) deadline_ = began_ + *job_.policy.deadline;
  if (const auto until = parts_.ledger.service_not_before()) gate_.close_until(instant_of(*until));
  parts_.listener.on_start(queue_.to_do(), list);
  while (true) {
    look_for_stop();
    dispatch();
    if (is_stopping() || is_idle()) break;
    for (auto& returned : parts_.workers.wait(wake_at())) take(returned);
  }
  let_removals_finish();
  record_troubles();
  commit();
  return outcome();
}

/// Whoever was still trying when the run ended keeps its last error, like those that gave up by themselves.
void Runner::record_troubles() {
  for (auto journey = journeys_.begin(); journey != journeys_.end(); ++journey) {
    if (journey->troubles == 0 || journey->work.open_patch) continue;
    record(journey, unmoved_change(*journey, journey->last_trouble, said(journey->last_trouble)));
  }
}

void Runner::look_for_stop() {
  if (is_stopping() || is_idle()) return;
  const auto now = parts_.clock.now();
  if (parts_.stop.is_asked()) return stop(Ending::stopped, "asked to stop by a signal");
  if (deadline_ && now >= *deadline_) return stop(Ending::deadline, "policy.deadline has come");
  if (queue_.to_do() > 0 && gate_.opens_at() - now > job_.retry.max_wait + k_rounding) {
    return stop(Ending::throttled_too_long,
                fmt::format("the service asks to wait {}, longer than retry.max_wait",
                            duration_text(gate_.opens_at() - now)));
  }
  if (breaker_.mode() == Breaker::Mode::unavailable) return stop(Ending::service_unavailable, why_);
}

void Runner::stop(Ending ending, std::string why, std::string error_code) {
  if (is_stopping()) return;
  ending_ = ending;
  why_ = std::move(why);
  error_code_ = std::move(error_code);
  parts_.listener.on_stop(why_);
}

/// Reads are dropped; a PATCH on its way, or a sign-in whose answer may hold the only good refresh token,
/// gets a while.
void Runner::let_removals_finish() {
  if (out_.empty()) return;
  parts_.workers.drop_reads();
  const auto matters = [](const auto& entry) {
    return entry.second.what == What::removal || entry.second.what == What::sign_in;
  };
  const auto collect_until = [&](Instant until) {
    while (std::any_of(out_.begin(), out_.end(), matters) && parts_.clock.now() < until) {
      for (auto& returned : parts_.workers.wait(until)) take(returned);
      flush();
    }
  };
  collect_until(parts_.clock.now() + k_last_answers);
  parts_.workers.drop_all();
  collect_until(parts_.clock.now() + k_dropped_return);
}

void Runner::take(Returned& returned) {
  const auto found = out_.find(returned.ticket);
  ensure(found != out_.end(), "only what is out returns");
  const auto out = found->second;
  out_.erase(found);
  auto& reply = returned.reply;
  if (reply.verdict == Verdict::throttled) {
    ++counters_.throttled;
    take_wait_from_quota(reply);
  }
  if (out.what == What::customers) return take_list_page(out, reply);
  if (!out.journey) return take_sign_in(out, reply);
  const auto journey = *out.journey;
  journey->is_out = false;
  // It was counted when its intent was recorded.
  if (out.what == What::removal && reply.sending == Sending::never_sent) --journey->work.attempts;
  if (reply.verdict == Verdict::withheld) {
    --counters_.requests;
    record(journey, unmoved_change(*journey, std::nullopt,
                                   parts_.stop.is_asked() ? "asked to stop before the removal was sent"
                                                          : "the removal was not sent in time"));
  }
  if (is_stopping()) {
    // A read no longer matters, but for how long to stay away. What is known of a removal is recorded; all
    // else leaves it `patching`.
    if (out.what == What::removal) return take_answer(journey, reply);
    if (reply.verdict == Verdict::throttled && reply.retry_after) note_unanswered(journey, reply);
    return;
  }
  take_health(out, reply);
  if (out.what == What::customer && reply.verdict == Verdict::taken) token_check_.hear(reply.mfa);
  if (reply.verdict == Verdict::unanswered) {
    ++journey->troubles;
    journey->last_trouble = reply.evidence;
  } else {
    journey->troubles = 0;
  }
  if (reply.verdict == Verdict::unauthorized) session_.refuse(out.token_generation);
  const bool failed_probe = out.is_probe && reply.health == ServiceHealth::down;
  if (failed_probe && out.what != What::removal) {
    // A failed probe says nothing about this tenant and uses up none of its attempts; the next probe is
    // another's.
    journeys_.splice(journeys_.end(), journeys_, journey);
  } else {
    take_answer(journey, reply);
  }
  note_pace(out, reply);
}

void Runner::take_sign_in(const Out& out, Reply& reply) {
  signing_in_ = false;
  switch (reply.verdict) {
    case Verdict::taken:
      sign_ins_unanswered_ = sign_ins_throttled_ = 0;
      session_.accept(std::get<Tokens>(reply.content), *out.credentials, out.sent_at, parts_.clock.now());
      return look_at_token();
    case Verdict::unanswered:
    case Verdict::throttled: break;
    case Verdict::unauthorized:
    case Verdict::no_relationship:
    case Verdict::refused:
    case Verdict::pending:
    case Verdict::slow_down:
    case Verdict::withheld: return take_refused_sign_in(out, reply);
  }
  session_.give_up_turn(reply);
  const bool is_throttled = reply.verdict == Verdict::throttled;
  const auto next = next_try(is_throttled ? Trouble::throttled : Trouble::unanswered,
                             is_throttled ? ++sign_ins_throttled_ : ++sign_ins_unanswered_, reply.retry_after,
                             retry_limits(), parts_.random);
  if (const auto* again = std::get_if<Again>(&next)) {
    sign_in_not_before_ = parts_.clock.now() + again->wait;
    const auto* what =
        is_throttled ? "the sign-in service asks to wait: " : "the sign-in service does not answer: ";
    parts_.listener.on_pause(what + said(reply.evidence), again->wait);
    return;
  }
  if (reply.is_unusable) return stop(Ending::signed_out, reply.evidence.message, reply.evidence.error_code);
  const auto ending =
      std::holds_alternative<WaitTooLong>(next) ? Ending::throttled_too_long : Ending::service_unavailable;
  stop(ending, "the sign-in service does not answer: " + said(reply.evidence));
}

/// On record before the first request with it.
void Runner::look_at_token() {
  const auto before = token_check_.identity();
  const auto news = token_check_.look_at(session_.token()->text);
  const auto who = token_check_.identity();
  if (!who.empty() && who != before) parts_.ledger.note_signed_in(who);
  if (!news.empty()) parts_.listener.on_signed_in(news);
}

/// A token that somebody has replaced meanwhile is none to give up for.
void Runner::take_refused_sign_in(const Out& out, const Reply& reply) {
  session_.give_up_turn(reply);
  if (!is_stopping() && session_.has_another_token_than(*out.credentials)) return;
  stop(Ending::signed_out, session_.why_refused(reply), reply.evidence.error_code);
}

void Runner::take_health(const Out& out, const Reply& reply) {
  if (reply.verdict == Verdict::withheld) return;
  const auto before = breaker_.mode();
  const auto now = parts_.clock.now();
  if (reply.health == ServiceHealth::up) {
    breaker_.answered();
    return;
  }
  if (out.is_probe) {
    breaker_.probe_failed(now, reply.retry_after.value_or(milliseconds(0)), parts_.random);
  } else {
    const auto whom = out.journey ? (*out.journey)->work.listed.tenant_id.text() : std::string();
    breaker_.unanswered(whom, now, parts_.random);
  }
  why_ = said(reply.evidence);
  if (before == Breaker::Mode::closed && breaker_.mode() == Breaker::Mode::probing) {
    parts_.listener.on_pause("the service does not answer: " + why_, breaker_.probe_at() - now);
  }
}

void Runner::take_answer(Journeys::iterator journey, Reply& reply) {
  const auto progress = journey->take(reply);
  const auto& evidence = reply.evidence;
  const auto now = parts_.clock.utc();
  if (std::holds_alternative<Settle>(progress)) return settle(journey, evidence);
  if (std::holds_alternative<LookAtSide>(progress)) return look_at_side(journey, evidence);
  if (const auto* gone = std::get_if<Gone>(&progress)) {
    return finish(journey, patched_change(*journey, gone->reason, evidence, now));
  }
  if (std::holds_alternative<Fail>(progress)) return finish(journey, failed_change(*journey, evidence, now));
  if (is_stopping()) {
    // The turn stays open: outcome() counts it among those that are left.
    if (reply.verdict != Verdict::withheld) note_unanswered(journey, reply);
    return;
  }
  if (const auto* trouble = std::get_if<WaitAndRetry>(&progress)) return retry(journey, *trouble, reply);
  if (const auto* back = std::get_if<ReadBack>(&progress)) {
    note_unanswered(journey, reply);
    const auto asked = std::min(reply.retry_after.value_or(milliseconds(0)), job_.retry.max_wait);
    journey->not_before =
        parts_.clock.now() + std::max(asked, full_jitter(back->count, retry_limits(), parts_.random));
    return;
  }
  if (std::holds_alternative<SignedOut>(progress)) {
    note_unanswered(journey, reply);
    return stop(Ending::signed_out,
                fmt::format("{} (tenant {}, twice)", evidence.message, journey->work.listed.tenant_id.text()),
                evidence.error_code);
  }
}

void Runner::settle(Journeys::iterator journey, const Evidence& evidence) {
  const auto now = parts_.clock.utc();
  auto& work = journey->work;
  if (work.state == State::withdrawn) return end_turn(journey);
  const auto decision = decide(work.listed, journey->facts, job_.policy.software);
  if (std::holds_alternative<AlreadyRemoved>(decision)) {
    return finish(journey, patched_change(*journey, k_reason_already_removed, evidence, now));
  }
  if (const auto* blocked = std::get_if<Blocked>(&decision)) {
    const auto recorded =
        work.state == State::blocked ? parts_.ledger.blockers_of(work.number) : std::vector<Blocker>{};
    return finish(journey, blocked_change(*journey, blocked->blockers, recorded, evidence, now));
  }
  // A read-back is no complete check, so it leaves the record of the last one as it is.
  if (journey->step != Step::read_back) record(journey, ready_change(*journey, evidence, now));
  if (mode_ == Mode::run) {
    journey->step = Step::remove;
    return;
  }
  if (work.state == State::patching) ++left_;
  parts_.listener.on_tenant(work.listed, work.state, "");
  end_turn(journey);
}

/// As long as the side that blocked it does, a tenant stays blocked. Otherwise everything else is read too.
void Runner::look_at_side(Journeys::iterator journey, const Evidence& evidence) {
  const auto& work = journey->work;
  const auto side = journey->only.value();
  const auto found = blockers_on(side, work.listed, journey->facts, job_.policy.software);
  if (found.empty()) return journey->read_the_rest();
  const auto recorded = parts_.ledger.blockers_of(work.number);
  finish(journey, blocked_change(*journey, with_side_replaced(side, found, recorded), recorded, evidence,
                                 parts_.clock.utc()));
}

void Runner::retry(Journeys::iterator journey, const WaitAndRetry& trouble, const Reply& reply) {
  const auto next =
      next_try(trouble.trouble, trouble.count, reply.retry_after, retry_limits(), parts_.random);
  const auto now = parts_.clock.now();
  if (std::holds_alternative<OutOfAttempts>(next)) {
    return leave(journey, reply.evidence,
                 fmt::format("gave up after {} attempts at reading its {}; {}", trouble.count,
                             name_of(journey->what()), said(reply.evidence)));
  }
  const auto* again = std::get_if<Again>(&next);
  const auto wait = again != nullptr ? again->wait : std::get<WaitTooLong>(next).wait;
  if (trouble.trouble == Trouble::throttled) note_throttling(*journey, reply, wait);
  if (reply.retry_after) note_unanswered(journey, reply);
  if (again == nullptr) {
    count_left(journey->work);
    parts_.listener.on_tenant(journey->work.listed, journey->work.state,
                              "asked to wait longer than retry.max_wait");
    return end_turn(journey);
  }
  journey->not_before = now + wait;
}

/// On disk with how long to stay away, so that the next run keeps away too if this one dies.
void Runner::note_unanswered(Journeys::iterator journey, const Reply& reply) {
  auto detail = said(reply.evidence);
  if (reply.retry_after) {
    const auto now = parts_.clock.utc();
    journey->wait = Wait{now, now + *reply.retry_after + k_rounding};
    detail = fmt::format("the service asked to wait until {}", iso_text(journey->wait->until));
  }
  record(journey, unmoved_change(*journey, reply.evidence, std::move(detail)));
}

void Runner::note_throttling(const Journey& journey, const Reply& reply, milliseconds wait) {
  const auto now = parts_.clock.now();
  const auto before = gate_.opens_at();
  gate_.throttled(journey.work.listed.tenant_id.text(), now + wait, now);
  if (gate_.opens_at() <= std::max(before, now)) return;
  if (before <= now) parts_.listener.on_pause("throttled: " + reply.evidence.message, gate_.opens_at() - now);
  if (!reply.retry_after) return;
  const auto utc = parts_.clock.utc();
  parts_.ledger.set_service_wait({utc, utc + (gate_.opens_at() - now)});
}

void Runner::record(Journeys::iterator journey, Change change) {
  auto& work = journey->work;
  const auto before = work.state;
  work.state = state_after(change);
  work.open_patch = change.open_patch;
  if (work.state == State::patching && before != State::patching) {
    parts_.listener.on_tenant(work.listed, work.state, "");
  }
  const auto now = parts_.clock.now();
  const auto by = is_found_again(change) ? now + k_commit_together : now;
  commit_by_ = std::min(commit_by_.value_or(by), by);
  to_commit_.push_back(std::move(change));
}

void Runner::finish(Journeys::iterator journey, Change change) {
  parts_.listener.on_tenant(journey->work.listed, state_after(change), change.detail);
  record(journey, std::move(change));
  end_turn(journey);
}

/// Only listed tenants count; one off the list keeps nobody from being done.
void Runner::count_left(const Work& work) {
  if (work.state != State::withdrawn) ++left_;
}

void Runner::leave(Journeys::iterator journey, const std::optional<Evidence>& evidence,
                   const std::string& detail) {
  count_left(journey->work);
  finish(journey, unmoved_change(*journey, evidence, detail));
}

void Runner::end_turn(Journeys::iterator journey) {
  parts_.listener.on_turn_over(++done_);
  journeys_.erase(journey);
}

RunOutcome Runner::outcome() {
  const auto is_listed = [](State state) { return state != State::withdrawn; };
  left_ += std::count_if(journeys_.begin(), journeys_.end(),
                         [&](const auto& j) { return is_listed(j.work.state); });
  left_ += queue_.listed_left() + static_cast<std::int64_t>(on_list_.size());
  if (ending_ == Ending::completed && left_ > 0)
    ending_ = limit_met_ ? Ending::limit_reached : Ending::incomplete;
  keep_pace();
  RunOutcome outcome{ending_, why_, error_code_, left_, counters_, parts_.ledger.standing()};
  parts_.ledger.finish_run(name_of(ending_), exit_code_of(outcome), parts_.clock.utc(), counters_);
  return outcome;
}

}  // namespace offboard
