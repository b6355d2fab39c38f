#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "judge.hpp"
#include "ledger/reader.hpp"
#include "run/listener.hpp"
#include "run/runner.hpp"
#include "service_transport.hpp"
#include "temp_folder.hpp"
#include "worlds.hpp"

namespace offboard::test {

/// What trouble_with_history() and broken_promises() say of a good night.
inline const std::string k_nothing;

/// Writes down what it is told.
class RecordingListener final : public RunListener {
 public:
  void on_start(std::int64_t to_do, const ImportCounts& list) override;
  void on_signed_in(const std::string& who) override;
  void on_tenant(const ListedTenant& tenant, State state, const std::string& detail) override;
  void on_turn_over(std::int64_t done) override;
  void on_pause(const std::string& why, milliseconds how_long) override;
  void on_quota(double per_minute) override;
  void on_stop(const std::string& why) override;

  struct Pause {
    std::string why;
    milliseconds how_long;
  };
  std::int64_t to_do = -1;
  std::int64_t done = 0;
  ImportCounts list;
  std::vector<std::pair<std::string, State>> tenants;
  std::vector<Pause> pauses;
  std::vector<std::string> stops;
  std::vector<double> quotas;
  std::vector<std::string> signed_in;
};

/// A job, its list, a simulated service and a real ledger. Each run() is a process of its own: nothing but
/// the ledger, the refresh token's file and the service lives on to the next. Change the public members
/// before a run.
class Night {
 public:
  explicit Night(simulator::World world);

  /// Passes on what the runner throws; what is under way then goes on as the plan says.
  RunOutcome run(Mode mode = Mode::run);
  /// A run whose process dies by Crash. False if it came to its end.
  [[nodiscard]] bool run_dies();

  /// As a signal would.
  void ask_to_stop();
  /// Somebody bought something for that customer: a removal decided before this is not the runner's fault.
  void note_bought(const std::string& customer) { circumstances_.blocked_since[customer] = clock.true_utc(); }
  /// Somebody else ended that relationship.
  void note_ended(const std::string& customer) { circumstances_.ended_by_others.insert(customer); }

  // From the ledger, by the n-th customer
  [[nodiscard]] TenantRow row(int n) const;
  [[nodiscard]] std::string state(int n) const { return row(n).state; }
  [[nodiscard]] std::map<std::string, std::string> states() const;
  [[nodiscard]] std::vector<HistoryRow> history(int n) const;
  [[nodiscard]] std::string journey(int n) const;  // "pending, checked, ready"
  [[nodiscard]] std::vector<RunRow> runs() const;
  [[nodiscard]] std::string trouble_with_history() const;  // empty: verified

  // From the service's own log
  [[nodiscard]] std::vector<simulator::LogEntry> log(int n, simulator::Kind kind) const;
  [[nodiscard]] int count(simulator::Kind kind) const;
  [[nodiscard]] int count(simulator::Effect effect) const;
  /// Which of the promises the whole log breaks; empty: none.
  [[nodiscard]] std::string broken_promises() const;

  [[nodiscard]] std::string stored_refresh_token() const;
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }

  Job job;
  TenantList list;
  VirtualClock clock;
  WorkersPlan plan;
  std::int64_t list_worth_from = k_list_worth_from;
  std::uint64_t seed = 1;  // of the runner's own chance
  simulator::PartnerCenter service;
  std::function<Carried(const Ask&, const Carrier& to_service)> on_the_way;  // if given, in between
  RecordingListener listener;                                                // of the last run
  std::vector<Sent> sent;                                                    // by all runs

 private:
  [[nodiscard]] ImportCounts begin_run(Ledger& ledger, const RunStart& start) const;
  TempFolder folder_;
  // Of the run that is going on
  std::unique_ptr<StopRequest> stop_;
  std::unique_ptr<SimulatedWorkers> workers_;
  Circumstances circumstances_;
  milliseconds clock_was_wrong_by_{0};  // when the last process began
};

}  // namespace offboard::test
