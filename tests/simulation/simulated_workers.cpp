#include "simulated_workers.hpp"

#include <algorithm>

namespace offboard::test {
namespace {

/// No night is that long.
constexpr milliseconds k_longest_night = std::chrono::hours(24 * 60);

Reply dropped_reply(const Ask& ask) {
  Reply reply;
  reply.evidence.error_code = name_of(TransportFailureKind::cancelled);
  reply.evidence.message = "dropped";
  reply.evidence.request_id = ask.request_id;
  reply.evidence.correlation_id = ask.correlation_id;
  return reply;
}

}  // namespace

SimulatedWorkers::SimulatedWorkers(const WorkersPlan& plan, VirtualClock& clock, Carrier carrier,
                                   std::vector<Sent>& sent)
    : plan_(plan),
      clock_(clock),
      carrier_(std::move(carrier)),
      sent_(sent),
      start_(clock.now()),
      engine_(plan.seed) {
  for (const auto& [after, action] : plan.alarms) alarms_.emplace_back(start_ + after, action);
}

milliseconds SimulatedWorkers::way(const Ask& ask) {
  if (plan_.one_way) return plan_.one_way(ask);
  const auto span = static_cast<std::uint64_t>((plan_.longest_way - plan_.shortest_way).count());
  return plan_.shortest_way + milliseconds(static_cast<std::int64_t>(engine_() % (span + 1)));
}

void SimulatedWorkers::hand_out(Errand errand) {
  if (plan_.on_hand_out) plan_.on_hand_out(errand);
  if (flights_.size() >= plan_.size) throw std::logic_error("more errands are out than there are workers");
  sent_.push_back({errand.ask.what, errand.ask.tenant, errand.ask.request_id, clock_.now()});
  const bool dropped = is_dropped(errand.ask.what);
  const auto due = clock_.now() + (dropped ? milliseconds(0) : way(errand.ask));
  flights_.push_back({std::move(errand), due, dropped, {}});
  if (dropped) flights_.back().reply = dropped_reply(flights_.back().errand.ask);
}

void SimulatedWorkers::arrive(Flight& flight) {
  auto carried = carrier_(flight.errand.ask);
  flight.answered = true;
  flight.reply = std::move(carried.reply);
  flight.due = clock_.now() + carried.extra + way(flight.errand.ask);
}

std::optional<Instant> SimulatedWorkers::next_event() const {
  std::optional<Instant> next;
  const auto also = [&](Instant at) { next = next ? std::min(*next, at) : at; };
  for (const auto& flight : flights_) also(flight.due);
  for (const auto& alarm : alarms_) also(alarm.first);
  return next;
}

/// One of those that are due at that time.
SimulatedWorkers::Flights::iterator SimulatedWorkers::pick(Instant due) {
  std::vector<Flights::iterator> ready;
  for (auto it = flights_.begin(); it != flights_.end(); ++it) {
    if (it->due <= due) ready.push_back(it);
  }
  return ready.empty() ? flights_.end() : ready[engine_() % ready.size()];
}

void SimulatedWorkers::ring(Instant now) {
  const auto due =
      std::find_if(alarms_.begin(), alarms_.end(), [&](const auto& a) { return a.first <= now; });
  if (due == alarms_.end()) return;
  const auto action = due->second;
  alarms_.erase(due);
  action();
}

std::vector<Returned> SimulatedWorkers::wait(std::optional<Instant> until) {
  if (plan_.on_wait) plan_.on_wait();
  if (++waits_ > plan_.most_waits) throw NeverEnding("the loop goes round and round");
  std::vector<Returned> home;
  if (std::exchange(woken_, false)) return home;
  while (true) {
    const auto now = clock_.now();
    const auto event = next_event();
    if (!home.empty() && (!event || *event > now || chance())) return home;
    if (!event && !until) throw NeverEnding("the loop waits and nothing is out");
    const auto patience = until ? std::max(*until, now) : Instant::max();
    if (!event || *event > patience) {
      clock_.advance_to(patience);
      return home;
    }
    if (*event - start_ > k_longest_night) throw NeverEnding("the night does not end");
    clock_.advance_to(*event);
    ring(clock_.now());
    if (std::exchange(woken_, false)) return home;
    const auto flight = pick(clock_.now());
    if (flight == flights_.end()) continue;
    if (!flight->answered) {
      arrive(*flight);
      continue;
    }
    home.push_back({flight->errand.ticket, std::move(flight->reply)});
    flights_.erase(flight);
  }
}

bool SimulatedWorkers::is_dropped(What what) const {
  return all_dropped_ || (reads_dropped_ && what != What::removal && !is_sign_in(what));
}

/// A request that is dropped on its way may still arrive.
void SimulatedWorkers::drop() {
  for (auto& flight : flights_) {
    const auto& ask = flight.errand.ask;
    if (!is_dropped(ask.what)) continue;
    if (!flight.answered && chance()) arrive(flight);
    has_lost_answers_ = has_lost_answers_ || flight.answered;
    flight.answered = true;
    flight.reply = dropped_reply(ask);
    flight.due = clock_.now();
  }
}

void SimulatedWorkers::drop_reads() {
  reads_dropped_ = true;
  drop();
}

void SimulatedWorkers::drop_all() {
  all_dropped_ = true;
  drop();
}

void SimulatedWorkers::perish() {
  has_lost_answers_ = true;
  for (auto& flight : flights_) {
    if (flight.answered || plan_.orphans == Orphans::none_arrives) continue;
    if (plan_.orphans == Orphans::all_arrive || chance()) arrive(flight);
  }
  flights_.clear();
}

}  // namespace offboard::test
