#pragma once
#include <cstdint>
#include <deque>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "ledger/ledger.hpp"
#include "model/job.hpp"
#include "pace/breaker.hpp"
#include "pace/gate.hpp"
#include "pace/pacer.hpp"
#include "run/customer_list.hpp"
#include "run/journey.hpp"
#include "run/listener.hpp"
#include "run/outcome.hpp"
#include "run/session.hpp"
#include "run/stop_request.hpp"
#include "run/token_check.hpp"
#include "run/work_queue.hpp"
#include "run/workers.hpp"

namespace offboard {

enum class Mode {
  check,  ///< reads and decides; sends no PATCH
  run     ///< and removes what is ready
};

/// What a run works with; all of it must outlive the runner.
struct RunParts {
  Ledger& ledger;
  Workers& workers;
  const Clock& clock;
  Random& random;
  RunListener& listener;
  const StopRequest& stop;
  std::int64_t list_worth_from = k_list_worth_from;
};

/// The loop that owns all state. It takes tenants up, hands their requests to the workers one at a time per
/// tenant, writes every result into the ledger, and alone decides when what may be sent. A PATCH is handed
/// out only after the commit that holds its intent. Everything runs in the caller's thread.
class Runner {
 public:
  Runner(const Job& job, Mode mode, const RunParts& parts);

  /// Works until nothing is left to do or something ends the run. The list must have been taken over before
  /// (Ledger::begin_run). Throws MachineTrouble and Defect; then no further PATCH has left.
  [[nodiscard]] RunOutcome run(const ImportCounts& list);

 private:
  using Journeys = std::list<Journey>;

  /// What is out with the workers under a ticket.
  struct Out {
    std::optional<Journeys::iterator> journey;  // none: a sign-in, or a page of the list of customers
    What what = What::customer;
    int token_generation = 0;
    Instant sent_at{};
    bool is_probe = false;
    bool is_further_page = false;
    std::shared_ptr<const Credentials> credentials;  // of a sign-in
  };

  // Choosing and sending (runner_dispatch.cpp)
  void dispatch();
  void leave_what_was_not_begun();
  void flush();
  void commit();
  [[nodiscard]] bool may_send_now();
  [[nodiscard]] std::optional<Journeys::iterator> next_due();
  [[nodiscard]] std::optional<Journeys::iterator> next_probe();
  [[nodiscard]] std::optional<Journeys::iterator> take_up();
  [[nodiscard]] std::optional<Journeys::iterator> next_journey();
  [[nodiscard]] std::optional<Journey> next_in_line();
  [[nodiscard]] Journey journey_of(Work work) const;
  void send_sign_in();
  void wait_for_turn();
  void send(Journeys::iterator journey);
  void send_read(Journeys::iterator journey);
  void send_removal(Journeys::iterator journey);
  void put_out(Ask ask, Out out);
  [[nodiscard]] std::optional<Instant> wake_at() const;
  [[nodiscard]] bool is_idle() const;
  [[nodiscard]] bool has_more_to_take_up() const;

  // The list of customers (runner_list.cpp)
  [[nodiscard]] bool wants_list_page() const;
  [[nodiscard]] bool awaits_list() const;
  void send_list_page();
  void take_list_page(const Out& out, const Reply& reply);
  void take_from_list(const CustomerListItem& item, Instant asked_at);
  void close_gate(const Reply& reply);

  // Answers (runner.cpp)
  void take(Returned& returned);
  void look_at_token();
  void take_sign_in(const Out& out, Reply& reply);
  void take_refused_sign_in(const Out& out, const Reply& reply);
  void take_health(const Out& out, const Reply& reply);
  void take_answer(Journeys::iterator journey, Reply& reply);
  void settle(Journeys::iterator journey, const Evidence& evidence);
  void look_at_side(Journeys::iterator journey, const Evidence& evidence);
  void retry(Journeys::iterator journey, const WaitAndRetry& trouble, const Reply& reply);
  void note_unanswered(Journeys::iterator journey, const Reply& reply);
  void note_throttling(const Journey& journey, const Reply& reply, milliseconds wait);

  // How fast (runner_pace.cpp)
  void take_wait_from_quota(Reply& reply) const;
  void note_pace(const Out& out, const Reply& reply);
  [[nodiscard]] bool hears_end_of_quota(const Out& out, const Reply& reply);
  void tell_pace();
  void remember_pace();
  void keep_pace();

  // Ends of a tenant's turn
  void record(Journeys::iterator journey, Change change);
  void finish(Journeys::iterator journey, Change change);
  void leave(Journeys::iterator journey, const std::optional<Evidence>& evidence, const std::string& detail);
  void count_left(const Work& work);
  void end_turn(Journeys::iterator journey);

  // Ends of the run
  void look_for_stop();
  void stop(Ending ending, std::string why, std::string error_code = "");
  void let_removals_finish();
  void record_troubles();
  [[nodiscard]] RunOutcome outcome();

  /// Of a time that an earlier run wrote down. By the time of day when this run began: it may be set
  /// meanwhile.
  [[nodiscard]] Instant instant_of(UtcTime time) const { return began_ + (time - began_utc_); }
  [[nodiscard]] bool is_stopping() const { return ending_ != Ending::completed; }
  [[nodiscard]] RetryLimits retry_limits() const { return {job_.retry.max_attempts, job_.retry.max_wait}; }

  const Job& job_;
  Mode mode_;
  RunParts parts_;
  Session session_;
  TokenCheck token_check_;
  Gate gate_;
  Breaker breaker_;
  Pacer pacer_;
  double told_per_minute_ = 0;  // to the listener and the ledger
  UtcTime learned_at_{};        // what was told

  WorkQueue queue_;
  CustomerList customer_list_{0, k_list_worth_from};
  std::deque<Journey> on_list_;  // found there, waiting to be taken up
  Journeys journeys_;            // taken up, not ended; those not out are waiting for their not_before
  std::unordered_map<std::uint64_t, Out> out_;
  std::uint64_t last_ticket_ = 0;

  std::vector<Change> to_commit_;
  std::optional<Instant> commit_by_;  // at the latest; none: there is nothing to commit
  std::vector<Errand> to_hand_out_;   // after the commit

  Instant began_{};
  UtcTime began_utc_{};
  std::optional<Instant> deadline_;
  int removals_begun_ = 0;       // tenants
  bool limit_met_ = false;       // no further tenant may begin
  int sign_ins_unanswered_ = 0;  // in a row
  int sign_ins_throttled_ = 0;   // in a row
  Instant sign_in_not_before_{};
  std::optional<Instant> turn_awaited_since_;
  bool signing_in_ = false;
  bool gate_changed_ = false;
  bool is_held_by_pace_ = false;  // all else would let a request leave

  Ending ending_ = Ending::completed;
  std::string why_;
  std::string error_code_;
  std::int64_t left_ = 0;
  std::int64_t done_ = 0;
  RunCounters counters_;
};

}  // namespace offboard
