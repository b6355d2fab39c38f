#include "run/changes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/text.hpp"

namespace offboard {
namespace {

constexpr std::size_t k_max_detail_bytes = 500;

Change begin(const Journey& journey) {
  Change change;
  change.number = journey.work.number;
  change.tenant_id = journey.work.listed.tenant_id;
  change.expected = journey.work.state;
  change.attempts = journey.work.attempts;
  change.open_patch = journey.work.open_patch;
  change.wait = journey.wait;
  return change;
}

void move(Change& change, State to, std::string_view reason, const Evidence& evidence, UtcTime now) {
  change.moves.push_back({state_after(change), to, now, std::string(reason), evidence});
}

/// The facts that moves rest on are recorded as a move of their own, where the tenant is not just that
/// already.
void move_to_checked(Change& change, const Evidence& evidence, UtcTime now) {
  if (change.expected != State::checked) move(change, State::checked, k_reason_facts_read, evidence, now);
}

CheckRecord record_of(const Facts& facts, UtcTime now) {
  return {now,
          facts.customer.company_name,
          facts.customer.domain,
          facts.customer.relationship_to_partner,
          static_cast<std::int64_t>(facts.subscriptions.items.size()),
          static_cast<std::int64_t>(facts.entitlements.items.size())};
}

/// Each code once, in the order found.
std::string codes_of(const std::vector<Blocker>& blockers) {
  std::string codes;
  std::vector<BlockerCode> seen;
  for (const auto& blocker : blockers) {
    if (std::find(seen.begin(), seen.end(), blocker.code) != seen.end()) continue;
    seen.push_back(blocker.code);
    if (!codes.empty()) codes += ';';
    codes += name_of(blocker.code);
  }
  return codes;
}

std::string sentence_of(const std::vector<Blocker>& blockers) {
  std::string text;
  for (const auto& blocker : blockers) {
    if (!text.empty()) text += "; ";
    text += blocker.object_status.empty()
                ? blocker.object_name
                : fmt::format("{} ({})", blocker.object_name, blocker.object_status);
  }
  return one_line(text, k_max_detail_bytes);
}

/// The same blockers in the same condition, in whatever order the service lists them today.
bool says_the_same(const std::vector<Blocker>& one, const std::vector<Blocker>& other) {
  const auto sorted = [](const std::vector<Blocker>& blockers) {
    std::vector<std::tuple<BlockerCode, std::string, std::string>> keys;
    keys.reserve(blockers.size());
    for (const auto& b : blockers) keys.emplace_back(b.code, b.object_id, b.object_status);
    std::sort(keys.begin(), keys.end());
    return keys;
  };
  return sorted(one) == sorted(other);
}

}  // namespace

State state_after(const Change& change) {
  return change.moves.empty() ? change.expected : change.moves.back().to;
}

bool is_found_again(const Change& change) {
  const auto to = state_after(change);
  const bool rests_on_reads = change.check || change.looked_at;
  return rests_on_reads && (to == State::blocked || to == State::ready) && !change.open_patch && !change.wait;
}

Change blocked_change(const Journey& journey, const std::vector<Blocker>& found,
                      const std::vector<Blocker>& recorded, const Evidence& evidence, UtcTime now) {
  auto change = begin(journey);
  if (journey.only) {
    change.looked_at = now;
  } else {
    change.check = record_of(journey.facts, now);
    change.check->terms = journey.terms;
  }
  change.evidence = evidence;
  change.detail = sentence_of(found);
  if (change.expected == State::blocked && says_the_same(found, recorded)) return change;
  move_to_checked(change, evidence, now);
  move(change, State::blocked, codes_of(found), {}, now);
  change.blockers = found;
  return change;
}

Change ready_change(const Journey& journey, const Evidence& evidence, UtcTime now) {
  auto change = begin(journey);
  change.check = record_of(journey.facts, now);
  // The ids of the PATCH stay in sight while its outcome is open.
  if (change.expected == State::patching) return change;
  change.evidence = evidence;
  if (change.expected == State::ready) return change;
  move_to_checked(change, evidence, now);
  move(change, State::ready, k_reason_no_blocker, {}, now);
  change.blockers.emplace();
  return change;
}

Change intent_change(const Journey& journey, UtcTime now) {
  auto change = begin(journey);
  Evidence intent;
  intent.request_id = change.open_patch->request_id;
  intent.correlation_id = change.open_patch->correlation_id;
  change.evidence = intent;
  if (change.expected != State::patching) move(change, State::patching, k_reason_intent, intent, now);
  return change;
}

Change patched_change(const Journey& journey, std::string_view reason, const Evidence& answer, UtcTime now) {
  auto change = begin(journey);
  auto evidence = answer;
  if (change.open_patch) {
    // Whichever request told us, it is the PATCH that did it, and its ids that the service's audit records
    // keep.
    evidence.request_id = change.open_patch->request_id;
    evidence.correlation_id = change.open_patch->correlation_id;
  }
  const bool direct = change.expected == State::patching || change.expected == State::withdrawn;
  if (!direct) move_to_checked(change, answer, now);
  move(change, State::patched, reason, evidence, now);
  change.blockers.emplace();
  change.evidence = evidence;
  // A "no relationship" error is how the service says yes here; its text explains the row.
  change.detail = reason == k_reason_confirmed ? "" : std::string(reason);
  if (!direct) {
    change.check =
        CheckRecord{now, journey.facts.customer.company_name, journey.facts.customer.domain, "none", 0, 0};
  }
  change.open_patch.reset();
  return change;
}

Change failed_change(const Journey& journey, const Evidence& evidence, UtcTime now) {
  auto change = begin(journey);
  change.evidence = evidence;
  change.detail = evidence.message;
  if (change.expected == State::withdrawn) return change;
  const auto reason =
      evidence.error_code.empty() ? fmt::format("http-{}", evidence.http_status) : evidence.error_code;
  move(change, State::failed, reason, evidence, now);
  change.blockers.emplace();
  // Only an answer to the PATCH itself says for certain that it did nothing.
  if (journey.step == Step::remove) change.open_patch.reset();
  return change;
}

Change unmoved_change(const Journey& journey, const std::optional<Evidence>& evidence, std::string detail) {
  auto change = begin(journey);
  change.evidence = evidence;
  change.detail = std::move(detail);
  return change;
}

}  // namespace offboard
