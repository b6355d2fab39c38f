#pragma once
#include <cstddef>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "pace/allowance.hpp"
#include "pace/last_minute.hpp"

namespace offboard {

/// What a run learned of the service's quota; the next run's start.
struct KnownRate {
  double per_minute = 0;       // what the service lets through
  double trial_after = 0;      // requests until more is tried
  bool is_of_windows = false;  // a window's end was waited for, not a bucket's next drop

  friend bool operator==(const KnownRate&, const KnownRate&) = default;
};

/// Whom a 429 told to wait, as far as the gate could tell.
enum class RefusalScope {
  customer,  ///< perhaps that customer alone
  everybody  ///< several customers in a short time: the gate is closed
};

/// Learns how many requests the service lets through, and lets them leave evenly and just below that.
///
/// Until a quota is met nothing but the number of requests in flight is bounded: it begins small and grows
/// with the answers, so that the first refusal finds few on their way, and a service without a quota is not
/// slowed down. When the service refuses several customers, what it had let through in the minute before
/// tells the quota (exact for windows, fixed or sliding; for a token bucket between two moments at which it
/// was empty). From then on requests leave evenly at 99 % of that, which none of the three refuses; never
/// more in a minute than the quota. After a long while a little more is tried: each such trial that fails
/// costs about as many refusals as requests are in flight, and the next one is put off in proportion.
///
/// Pure; one owner, told the time by it. docs/performance.md, "Pacing", shows what it reaches.
class Pacer {
 public:
  /// `ceiling` is the operator's: requests per minute, never exceeded whatever is learned. `longest_hold`:
  /// how long nothing leaves at most because the service says that nothing is left.
  explicit Pacer(std::optional<double> ceiling = {}, std::optional<KnownRate> known = {},
                 milliseconds longest_hold = std::chrono::minutes(5));

  /// May the next request leave, with `in_flight` on their way?
  [[nodiscard]] bool may_leave(Instant now, std::size_t in_flight) const;
  /// If not: when to ask again. Far in the future if only an answer can change it.
  [[nodiscard]] Instant next_at(Instant now, std::size_t in_flight) const;

  void left(Instant now);
  /// An answer other than 429 has come, or none will.
  void answered(Instant sent_at, Instant now);
  /// A 429, with what it asked for (zero if nothing), after the gate was told of it.
  void refused(Instant sent_at, milliseconds retry_after, RefusalScope scope, Instant now);
  /// An answer other than 429 said that `left` more will be let through, and all again after `reset`. True if
  /// by that nothing leaves until then: it is learned from as from a refusal, but has cost none.
  bool told(std::int64_t left, milliseconds reset, Instant sent_at, Instant now);

  /// Nothing before a quota was met.
  [[nodiscard]] std::optional<KnownRate> known() const;

 private:
  /// Refusals that belong together: of requests that had left before the pace was changed because of the
  /// first. Each further one sharpens the picture of what happened.
  struct Incident {
    Instant first_sent;
    Instant end;  // the earliest moment at which something was to be had again
    Instant reacted_at;
    RefusalScope scope;
    int refusals = 0;
    std::optional<double> rate_before;
    double proven_before = 0;
    bool in_trial = false;
    bool is_soon = false;                 // hardly anything had been accepted since the last one
    std::optional<Instant> counted_from;  // the last moment at which nothing was to be had
  };
  struct Refusal {
    Instant sent_at;
    Instant end;
    Instant now;
  };
  struct Estimate {
    double rate = 0;
    bool is_evident = false;  // enough was accepted to tell
    bool is_sure = false;     // and it covers a whole minute of steady work, undisturbed
  };

  [[nodiscard]] Instant due_at() const;
  [[nodiscard]] Instant paced_at(Instant now, std::size_t in_flight) const;
  [[nodiscard]] std::optional<double> rate() const;
  void begin_incident(RefusalScope scope, bool in_trial, Instant now);
  void decide(Instant now, bool is_first_look);
  void decide_cap(bool is_first_look);
  void decide_trial(const Estimate& estimate, double cost, Instant now);
  void decide_lone(const Estimate& estimate, double cost, Instant now);
  void decide_without_evidence(Instant now);
  void decide_by(const Estimate& estimate, double cost, Instant now);
  [[nodiscard]] Estimate estimate_for(const Incident& incident) const;
  [[nodiscard]] double sustained_cap(const Incident& incident) const;
  [[nodiscard]] bool is_worth_it(bool is_first_look, Instant now);
  void set(double rate, Instant now);
  void put_off_trial(double requests, double step);
  void hold_until(Instant until);
  void pause_longer(Instant now);
  void raise(Instant now);
  [[nodiscard]] double level() const;

  std::optional<double> ceiling_;  // all rates are per second
  LastMinute minute_;
  Allowance allowance_;
  std::optional<Instant> started_;
  double round_trip_ = 0;  // seconds, smoothed

  // Nothing learned yet
  double cap_;  // requests in flight

  // Learned
  std::optional<double> rate_;
  double capacity_ = 0;     // what the service is thought to let through
  double evident_ = 0;      // likewise, without what single refusals make one fear
  double plateau_ = 0;      // the rate that the last incident led to
  double proven_ = 0;       // the last rate before a raise
  bool in_trial_ = false;   // raised since the last incident
  double trial_after_ = 0;  // requests on time until more than the capacity is tried
  double raise_after_ = 0;  // requests on time until the next raise of any kind
  double step_ = 0;         // of the next trial, relative
  bool of_windows_ = false;
  double next_ms_ = 0;  // when the next request is due, on the clock of Instant
  bool on_time_ = false;
  std::optional<int> most_a_minute_;
  Instant paused_until_{};
  Instant changed_at_{};

  std::vector<Refusal> lone_;  // of the last seconds, in no incident
  std::optional<Instant> last_lone_sent_;
  std::optional<Incident> incident_;
  std::optional<Instant> counted_from_;
  int accepted_ = 0;          // since the last incident
  int pauses_ = 0;            // in a row
  double troubled_from_ = 0;  // the rate after the last clean minute
  Instant muted_until_{};     // refusals do not depend on the pace
};

}  // namespace offboard
