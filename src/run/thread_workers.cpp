#include "run/thread_workers.hpp"

#include <fmt/format.h>

#include <system_error>
#include <utility>

#include "base/defect.hpp"

namespace offboard {
namespace {

/// A sign-in is not a read: its answer may hold the only refresh token that still works.
bool only_reads(What what) {
  return what != What::removal && !is_sign_in(what);
}

Reply dropped_reply(const Ask& ask) {
  Reply reply;
  reply.evidence.error_code = name_of(TransportFailureKind::cancelled);
  reply.evidence.message = "dropped because the run is stopping";
  reply.evidence.request_id = ask.request_id;
  reply.evidence.correlation_id = ask.correlation_id;
  return reply;
}

}  // namespace

ThreadWorkers::ThreadWorkers(const Client& client, std::size_t threads, const TransportMaker& make_transport,
                             const Clock& clock)
    : client_(client), clock_(clock) {
  for (std::size_t i = 0; i < threads; ++i) {
    desks_.push_back(std::make_unique<Desk>());
    desks_.back()->transport = make_transport();
  }
  // Only now: a thread looks at its desk alone, but at the shared state from its first moment.
  try {
    for (auto& desk : desks_) desk->thread = std::thread([this, &desk = *desk] { work(desk); });
  } catch (const std::system_error& error) {
    close();
    throw MachineTrouble(fmt::format("cannot start {} threads: {}", threads, error.what()));
  }
}

ThreadWorkers::~ThreadWorkers() {
  drop(Dropped::everything);
  close();
}

void ThreadWorkers::close() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  errand_waiting_.notify_all();
  for (auto& desk : desks_) {
    if (desk->thread.joinable()) desk->thread.join();
  }
}

void ThreadWorkers::hand_out(Errand errand) {
  {
    const std::lock_guard lock(mutex_);
    errands_.push_back(std::move(errand));
  }
  errand_waiting_.notify_one();
}

std::vector<Returned> ThreadWorkers::wait(std::optional<Instant> until) {
  std::unique_lock lock(mutex_);
  const auto something = [&] { return !returned_.empty() || woken_; };
  if (until) {
    loop_waiting_.wait_for(lock, *until - clock_.now(), something);
  } else {
    loop_waiting_.wait(lock, something);
  }
  woken_ = false;
  return std::exchange(returned_, {});
}

void ThreadWorkers::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  loop_waiting_.notify_one();
}

void ThreadWorkers::hold_removals() {
  const std::lock_guard lock(mutex_);
  holding_removals_ = true;
}

void ThreadWorkers::drop_reads() {
  drop(Dropped::reads);
}
void ThreadWorkers::drop_all() {
  drop(Dropped::everything);
}

bool ThreadWorkers::is_dropped(What what) const {
  return dropped_ == Dropped::everything || (dropped_ == Dropped::reads && only_reads(what));
}

void ThreadWorkers::drop(Dropped dropped) {
  const std::lock_guard lock(mutex_);
  dropped_ = dropped;
  for (auto& desk : desks_) {
    if (desk->busy_with && is_dropped(*desk->busy_with)) desk->transport->cancel();
  }
}

void ThreadWorkers::work(Desk& desk) {
  std::unique_lock lock(mutex_);
  while (true) {
    errand_waiting_.wait(lock, [&] { return closing_ || !errands_.empty(); });
    if (errands_.empty()) return;
    Errand errand = std::move(errands_.front());
    errands_.pop_front();
    Returned result{errand.ticket, {}};
    if (is_dropped(errand.ask.what)) {
      result.reply = dropped_reply(errand.ask);
    } else if (holding_removals_ && errand.ask.what == What::removal) {
      result.reply.verdict = Verdict::withheld;
      result.reply.sending = Sending::never_sent;
    } else {
      desk.busy_with = errand.ask.what;
      lock.unlock();
      result.reply = client_.perform(errand.ask, *desk.transport);
      lock.lock();
      desk.busy_with.reset();
    }
    returned_.push_back(std::move(result));
    // One call wakes the loop for all that return until it looks, and it finds the lock free.
    if (returned_.size() > 1) continue;
    lock.unlock();
    loop_waiting_.notify_one();
    lock.lock();
  }
}

}  // namespace offboard
