#pragma once
#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <random>
#include <stdexcept>
#include <utility>
#include <vector>

#include "run/workers.hpp"
#include "virtual_clock.hpp"

namespace offboard::test {

/// The process dies here.
struct Crash {};

/// The loop waits for what cannot come, or goes on for ever.
class NeverEnding : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What came of an errand at the service, and how much longer than usual that took.
struct Carried {
  Reply reply;
  milliseconds extra{0};
};
using Carrier = std::function<Carried(const Ask&)>;

/// What becomes of the requests on their way when the process dies.
enum class Orphans { by_chance, all_arrive, none_arrives };

struct WorkersPlan {
  std::size_t size = 4;
  std::uint64_t seed = 1;
  // One way, to the service or back; drawn evenly.
  milliseconds shortest_way{10};
  milliseconds longest_way{10};
  std::function<milliseconds(const Ask&)> one_way;                     // instead, if given
  std::function<void(const Errand&)> on_hand_out;                      // before the errand is taken
  std::function<void()> on_wait;                                       // before the wait
  std::vector<std::pair<milliseconds, std::function<void()>>> alarms;  // after so long
  Orphans orphans = Orphans::by_chance;
  std::size_t most_waits = 100'000;  // more: NeverEnding
};

struct Sent {
  What what = What::customer;
  Guid tenant;
  Guid request_id;
  Instant at;
};

/// Many workers in one thread: every errand travels to the service, is answered there, and travels back, in
/// virtual time and in an order drawn from a seed.
class SimulatedWorkers final : public Workers {
 public:
  /// `plan`, `clock` and `sent` must outlive the workers.
  SimulatedWorkers(const WorkersPlan& plan, VirtualClock& clock, Carrier carrier, std::vector<Sent>& sent);

  [[nodiscard]] std::size_t size() const override { return plan_.size; }
  void hand_out(Errand errand) override;
  [[nodiscard]] std::vector<Returned> wait(std::optional<Instant> until) override;
  void drop_reads() override;
  void drop_all() override;

  /// Ends this wait, or else the next one, early.
  void wake() { woken_ = true; }

  /// The process is gone; what is under way goes on without it.
  void perish();

  /// Whether the service answered something that never came home.
  [[nodiscard]] bool has_lost_answers() const { return has_lost_answers_; }

 private:
  struct Flight {
    Errand errand;
    Instant due;  // at the service, then at home
    bool answered = false;
    Reply reply;
  };
  using Flights = std::list<Flight>;

  [[nodiscard]] bool is_dropped(What what) const;
  void drop();
  void arrive(Flight& flight);
  [[nodiscard]] milliseconds way(const Ask& ask);
  [[nodiscard]] bool chance() { return (engine_() & 1U) != 0; }
  [[nodiscard]] std::optional<Instant> next_event() const;
  [[nodiscard]] Flights::iterator pick(Instant due);
  void ring(Instant now);

  const WorkersPlan& plan_;
  VirtualClock& clock_;
  Carrier carrier_;
  std::vector<Sent>& sent_;
  Instant start_;
  std::mt19937_64 engine_;
  Flights flights_;
  std::vector<std::pair<Instant, std::function<void()>>> alarms_;
  std::size_t waits_ = 0;
  bool woken_ = false;
  bool reads_dropped_ = false;
  bool all_dropped_ = false;
  bool has_lost_answers_ = false;
};

}  // namespace offboard::test
