#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/fault_plan.hpp"
#include "simulator/log.hpp"
#include "simulator/message.hpp"
#include "simulator/retry_promises.hpp"
#include "simulator/sign_in.hpp"
#include "simulator/throttle.hpp"
#include "simulator/world.hpp"

namespace offboard::simulator {

/// Whether the log stays in memory. A server that runs all night only hands the entries on.
enum class LogMemory { keep, drop };

/// Partner Center and its sign-in service as a plain object: no threads, no sockets, no clock of its own. The
/// same world, requests and times give the same answers. Not thread-safe: several threads need a lock around
/// it. Cannot be copied or moved.
class PartnerCenter {
 public:
  explicit PartnerCenter(World world, LogMemory memory = LogMemory::keep);
  PartnerCenter(const PartnerCenter&) = delete;
  PartnerCenter& operator=(const PartnerCenter&) = delete;

  /// Answers one request. Every effect has taken place when it returns; `wire_fault` says what the client is
  /// to see of it. `now` must not run backwards.
  [[nodiscard]] Reply answer(const Request& request, UtcTime now);

  /// The same service on another day: its customers, throttles and faults are those of `world` now. What was
  /// done to a customer, tokens and the log are kept.
  void become(World world);

  /// Every request so far, oldest first; empty with LogMemory::drop.
  [[nodiscard]] const std::vector<LogEntry>& log() const { return log_; }
  /// Called once per request, after its effects.
  void on_log(LogSink sink) { sink_ = std::move(sink); }

  /// Called with a line of JSON for every effect that a second start must remember.
  void on_effect(std::function<void(std::string_view line)> journal) { journal_ = std::move(journal); }
  /// Takes those lines back in. A last line that was cut off is passed over; another unreadable one is a
  /// MachineTrouble.
  void restore(std::string_view lines);

  /// Whether the relationship is gone, whatever the lag still shows to reads.
  [[nodiscard]] bool is_removed(std::string_view customer) const;
  [[nodiscard]] const World& world() const { return world_; }
  [[nodiscard]] const SignIn& sign_in() const { return desk_; }

 private:
  /// What has become of a customer.
  struct Life {
    const Customer* customer = nullptr;  // null: not one of today's
    std::optional<UtcTime> removed_at;
    bool purged = false;
    std::map<std::string, Reply> answered;  // PATCHes, by request id
  };
  /// A request on its way through.
  struct Visit {
    const Request& request;
    Call call;
    UtcTime now;
    LogEntry entry;
    std::vector<std::string> journal;
  };

  void meet_customers();
  [[nodiscard]] Reply serve(Visit& visit);
  [[nodiscard]] std::optional<Reply> stopped_at_the_gate(Visit& visit);
  [[nodiscard]] Reply perform(Visit& visit);
  [[nodiscard]] Reply rehearse(Visit& visit);
  [[nodiscard]] Reply sign_in_answer(Visit& visit);
  [[nodiscard]] Reply list(Visit& visit) const;
  [[nodiscard]] Reply read(Visit& visit, const Life& life) const;
  [[nodiscard]] Reply patch(Visit& visit, Life& life);
  [[nodiscard]] Reply remove(Visit& visit, Life& life);
  [[nodiscard]] Reply purge(Visit& visit, Life& life) const;
  [[nodiscard]] bool shows_removed(const Life& life, UtcTime now) const;
  void note_throttled(Visit& visit, const Reply& reply, ThrottleScope scope);
  void finish(Visit& visit, Reply& reply);

  World world_;
  LogMemory memory_;
  SignIn desk_;
  Turnstile turnstile_;
  FaultPlan faults_;
  RetryPromises promises_;
  std::map<std::string, Life, std::less<>> lives_;
  std::vector<LogEntry> log_;
  std::uint64_t seen_ = 0;
  LogSink sink_;
  std::function<void(std::string_view)> journal_;
};

}  // namespace offboard::simulator
