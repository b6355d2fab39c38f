#include "simulator/partner_center.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "simulator/answers.hpp"
#include "simulator/blocking.hpp"
#include "simulator/chance.hpp"
#include "simulator/customer_list.hpp"
#include "simulator/fault_reply.hpp"
#include "simulator/journal.hpp"
#include "simulator/pages.hpp"
#include "simulator/patch_body.hpp"

namespace offboard::simulator {
namespace {

LogEntry entry_for(const Call& call, UtcTime now, std::uint64_t seq) {
  LogEntry entry;
  entry.seq = seq;
  entry.at = now;
  entry.kind = call.kind;
  entry.method = call.method;
  entry.target = call.target;
  entry.customer = call.customer;
  entry.request_id = call.request_id;
  entry.correlation_id = call.correlation_id;
  return entry;
}

Told told_of(const Customer& customer) {
  return {customer.id, customer.company_name.text, relationship_of(customer)};
}

/// Whether the client gets to see a status line.
bool shows_status(WireFault fault) {
  return fault == WireFault::none || fault == WireFault::truncate || fault == WireFault::drip ||
         fault == WireFault::truncate_without_length;
}

ThrottledCalls throttled_as(const Call& call) {
  return call.kind == Kind::patch ? ThrottledCalls::removals : ThrottledCalls::reads;
}

/// What did not happen in a rehearsal. That a client asked for it stays in the log: a mistake is one even if
/// its effect was lost.
bool is_lasting(Effect effect) {
  return effect == Effect::removed || effect == Effect::purged || effect == Effect::tokens_issued ||
         effect == Effect::delegated_access_changed;
}

/// An honest answer as it leaves the service.
Reply marked(Reply reply, const World& world, const Call& call) {
  const bool marks = call.kind == Kind::patch ? world.bom.patch : call.method == "GET" && world.bom.reads;
  if (marks && reply.status == 200 && !reply.body.empty()) reply.body.insert(0, k_bom);
  return reply;
}

}  // namespace

PartnerCenter::PartnerCenter(World world, LogMemory memory)
    : world_(std::move(world)),
      memory_(memory),
      desk_(world_.sign_in, world_.seed),
      turnstile_(world_.throttles),
      faults_(world_.faults, world_.seed) {
  meet_customers();
}

void PartnerCenter::become(World world) {
  world_ = std::move(world);
  turnstile_ = Turnstile(world_.throttles);
  faults_ = FaultPlan(world_.faults, world_.seed);
  for (auto& [id, life] : lives_) life.customer = nullptr;
  meet_customers();
}

void PartnerCenter::meet_customers() {
  for (const auto& customer : world_.customers) {
    auto& life = lives_[customer.id];
    life.customer = &customer;
    const bool is_gone = equal_ignoring_case(relationship_of(customer), "none");
    if (is_gone && !life.removed_at) life.removed_at = UtcTime{};
  }
}

Reply PartnerCenter::answer(const Request& request, UtcTime now) {
  Visit visit{request, understand(request), now, {}, {}};
  visit.entry = entry_for(visit.call, now, ++seen_);
  Reply reply = serve(visit);
  finish(visit, reply);
  return reply;
}

Reply PartnerCenter::serve(Visit& visit) {
  if (auto stopped = stopped_at_the_gate(visit)) return *stopped;
  const FaultRule* rule = faults_.next(visit.call);
  if (rule == nullptr) return marked(perform(visit), world_, visit.call);
  visit.entry.fault = name_of(rule->fault);
  Reply honest = effect_of(*rule) == FaultEffect::before ? perform(visit) : rehearse(visit);
  Reply reply = spoiled(marked(std::move(honest), world_, visit.call), *rule, visit.call);
  // A fault counted overall is felt as the whole partner's; any other one as its customer's own.
  if (reply.status == 429)
    note_throttled(visit, reply,
                   rule->count == FaultCount::overall ? ThrottleScope::partner : ThrottleScope::customer);
  return reply;
}

std::optional<Reply> PartnerCenter::stopped_at_the_gate(Visit& visit) {
  if (is_sign_in(visit.call.kind)) return std::nullopt;
  if (!desk_.admits(visit.request, visit.now)) {
    visit.entry.effects.push_back(Effect::unauthorized);
    return unauthorized();
  }
  visit.entry.early = promises_.early(visit.call.customer, visit.now);
  if (visit.entry.early) visit.entry.effects.push_back(Effect::served_early);
  const auto refusal = turnstile_.admit(visit.call.customer, visit.now, throttled_as(visit.call));
  if (!refusal) return std::nullopt;
  Reply reply = throttled_answer(*refusal, visit.now);
  note_throttled(visit, reply, refusal->rule.scope);
  return reply;
}

void PartnerCenter::note_throttled(Visit& visit, const Reply& reply, ThrottleScope scope) {
  visit.entry.effects.push_back(Effect::throttled);
  promises_.note(visit.call.customer, scope, visit.now, reply.headers.find("Retry-After").value_or(""));
}

Reply PartnerCenter::perform(Visit& visit) {
  if (is_sign_in(visit.call.kind)) return sign_in_answer(visit);
  if (visit.call.kind == Kind::relationshiprequests) return relationship_request_answer();
  if (visit.call.kind == Kind::customers) return list(visit);
  const auto found = lives_.find(visit.call.customer);
  if (visit.call.kind == Kind::other || found == lives_.end()) return not_found();
  Life& life = found->second;
  if (life.customer == nullptr || life.purged) return not_found();
  if (visit.call.kind == Kind::patch) return patch(visit, life);
  if (visit.call.kind == Kind::purge) return purge(visit, life);
  return read(visit, life);
}

/// Answers as perform() would, and leaves everything as it was.
Reply PartnerCenter::rehearse(Visit& visit) {
  const SignIn desk = desk_;
  const auto found = lives_.find(visit.call.customer);
  const Life life = found == lives_.end() ? Life{} : found->second;
  Reply reply = perform(visit);
  desk_ = desk;
  if (found != lives_.end()) found->second = life;
  std::erase_if(visit.entry.effects, is_lasting);
  visit.journal.clear();
  return reply;
}

Reply PartnerCenter::sign_in_answer(Visit& visit) {
  Reply reply = desk_.answer(visit.call, visit.request, visit.now);
  if (reply.status != 200) visit.entry.effects.push_back(Effect::sign_in_refused);
  if (reply.status == 200 && visit.call.kind == Kind::token) {
    visit.entry.effects.push_back(Effect::tokens_issued);
    visit.journal.push_back(journal_of_sign_in(desk_.memory()));
  }
  return reply;
}

bool PartnerCenter::shows_removed(const Life& life, UtcTime now) const {
  return life.removed_at && now >= *life.removed_at + world_.removal_lag;
}

Reply PartnerCenter::list(Visit& visit) const {
  if (!world_.listing.offered) return not_found();
  std::vector<const Customer*> ours;
  for (const auto& customer : world_.customers) {
    const auto& life = lives_.find(customer.id)->second;
    if (!life.purged && !shows_removed(life, visit.now)) ours.push_back(&customer);
  }
  auto page = customer_list_page(world_, ours, visit.request, visit.call);
  for (const auto* customer : page.shown) visit.entry.told.push_back(told_of(*customer));
  return std::move(page.reply);
}

Reply PartnerCenter::read(Visit& visit, const Life& life) const {
  const Customer& customer = *life.customer;
  if (shows_removed(life, visit.now)) {
    const auto manner = customer.after_removal.value_or(world_.after_removal);
    const bool answers = manner == AfterRemoval::none_answer && visit.call.kind == Kind::customer;
    return answers ? customer_answer(customer, "none") : no_relationship();
  }
  if (visit.call.kind == Kind::customer) {
    visit.entry.told.push_back(told_of(customer));
    return customer_answer(customer, "");
  }
  return collection_page(world_, customer, visit.call, visit.request);
}

Reply PartnerCenter::patch(Visit& visit, Life& life) {
  const auto intent = intent_of(visit.request);
  if (intent == PatchIntent::not_understood) {
    visit.entry.effects.push_back(Effect::refused);
    return refusal(400, "3000", CodeForm::string, "Invalid property");
  }
  if (intent == PatchIntent::change_delegated_access) {
    visit.entry.effects.push_back(Effect::delegated_access_changed);
    return {200, {}, "", WireFault::none};
  }
  const std::string& id = visit.call.request_id;
  const auto before = id.empty() ? life.answered.end() : life.answered.find(to_lower(id));
  if (before != life.answered.end()) {
    visit.entry.effects.push_back(Effect::replay);
    return before->second;
  }
  Reply reply = remove(visit, life);
  if (id.empty()) return reply;
  life.answered[to_lower(id)] = reply;
  visit.journal.push_back(journal_of_answer(visit.call.customer, to_lower(id), reply));
  return reply;
}

Reply PartnerCenter::remove(Visit& visit, Life& life) {
  if (life.removed_at) {
    visit.entry.effects.push_back(Effect::second_removal_attempt);
    return refusal(400, "3000", CodeForm::string,
                   "The relationship between the partner and customer does not exist");
  }
  visit.entry.blocked_by = live_blockers(*life.customer, world_.software);
  if (!visit.entry.blocked_by.empty()) visit.entry.effects.push_back(Effect::removed_while_blocked);
  if (!visit.entry.blocked_by.empty() && world_.blockers == Blockers::enforced) {
    visit.entry.effects.push_back(Effect::refused);
    return refusal(
        400, "600050", CodeForm::string,
        fmt::format("Customer relationship cannot be removed: {}.", visit.entry.blocked_by.front()));
  }
  life.removed_at = visit.now;
  visit.entry.effects.push_back(Effect::removed);
  visit.journal.push_back(journal_of_removal(visit.call.customer, visit.now));
  return patch_answer("none");
}

Reply PartnerCenter::purge(Visit& visit, Life& life) const {
  life.purged = true;
  visit.entry.effects.push_back(Effect::purged);
  visit.journal.push_back(journal_of_purge(visit.call.customer));
  return {204, {}, "", WireFault::none};
}

void PartnerCenter::finish(Visit& visit, Reply& reply) {
  const Call& call = visit.call;
  const auto made = [&](std::string_view what) {
    return guid_from(world_.seed, fmt::format("{} {}", what, visit.entry.seq));
  };
  reply.headers.add("MS-RequestId", call.request_id.empty() ? made("request") : call.request_id);
  reply.headers.add("MS-CorrelationId",
                    call.correlation_id.empty() ? made("correlation") : call.correlation_id);
  reply.headers.add("X-Locale", "en-US");
  reply.headers.add("Date", http_date(visit.now));
  if (!is_sign_in(call.kind)) {
    for (const auto& left : turnstile_.left(call.customer, visit.now, throttled_as(call)))
      tell(left, visit.now, reply.headers);
  }
  visit.entry.status = shows_status(reply.wire_fault) ? reply.status : 0;
  visit.entry.retry_after = reply.headers.find("Retry-After").value_or("");
  for (const auto& line : visit.journal) {
    if (journal_) journal_(line);
  }
  if (sink_) sink_(visit.entry);
  if (memory_ == LogMemory::keep) log_.push_back(std::move(visit.entry));
}

bool PartnerCenter::is_removed(std::string_view customer) const {
  const auto found = lives_.find(to_lower(customer));
  return found != lives_.end() && found->second.removed_at.has_value();
}

void PartnerCenter::restore(std::string_view lines) {
  for_each_journal_line(lines, [&](const JournalLine& line) {
    if (line.sign_in) desk_.remember(*line.sign_in);
    const auto found = lives_.find(line.customer);
    if (found == lives_.end()) return;
    if (line.removed_at) found->second.removed_at = line.removed_at;
    if (line.purged) found->second.purged = true;
    if (line.answer) found->second.answered[line.request_id] = *line.answer;
  });
}

}  // namespace offboard::simulator
