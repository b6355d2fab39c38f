#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/guid.hpp"
#include "base/time.hpp"
#include "model/blocker.hpp"
#include "model/decision.hpp"
#include "model/facts.hpp"
#include "model/job.hpp"
#include "model/tenant.hpp"
#include "model/transition.hpp"

namespace offboard {

/// The durable memory of a job: one SQLite file. When a call returns, what it wrote survives a power cut. One
/// writer at a time (RunLock), one thread. Every function may throw MachineTrouble or Defect; then nothing of
/// that call was recorded, and the object is not used any further.

struct RunStart {
  Guid run_id;
  std::string command;  // "check" or "run"
  UtcTime at;
  std::string version;
  std::string user;
  std::string host;
};

struct RunCounters {
  std::int64_t requests = 0;
  std::int64_t throttled = 0;
};

/// A PATCH whose outcome is not known for certain. Its ids stay the same until a definite answer.
struct OpenPatch {
  Guid request_id;
  Guid correlation_id;
};

/// The service asked not to be asked again for a while.
struct Wait {
  UtcTime noted_at;
  UtcTime until;
};

/// Where a tenant stands in the order in which tenants are taken up. Default made: before all.
struct WorkPlace {
  int turn = 0;
  std::int64_t position = 0;
  std::int64_t number = 0;
};

/// What a run learned of the service's quota, for the next.
struct PaceRecord {
  std::int64_t per_hour = 0;     // requests that the service lets through
  std::int64_t trial_after = 0;  // requests until more is tried
  bool is_of_windows = false;
  UtcTime learned_at;
};

/// A tenant as the loop takes it up.
struct Work {
  std::int64_t number = 0;  // the ledger's own
  ListedTenant listed;
  State state = State::pending;
  std::int64_t attempts = 0;  // PATCHes sent, in all runs
  std::optional<OpenPatch> open_patch;
  std::optional<Wait> wait;
  WorkPlace place;
  std::optional<FullCheck> full_check = {};  // which found what blocks; none: nothing did
};

struct WorkCount {
  std::int64_t listed = 0;
  std::int64_t withdrawn = 0;  // with an open PATCH
};

/// What a complete check read, for the record.
struct CheckRecord {
  UtcTime at;
  std::string company_name;
  std::string domain;
  std::string relationship;
  std::int64_t subscriptions = 0;
  std::int64_t entitlements = 0;
  std::string terms = {};  // what blockers were found on (FullCheck); empty: nothing blocks
};

/// Everything that happens to one tenant in one commit.
struct Change {
  std::int64_t number = 0;
  Guid tenant_id;
  State expected = State::pending;  // where the ledger must find it
  std::vector<Transition> moves;    // each from where the one before led; may be empty
  std::optional<CheckRecord> check;
  std::optional<UtcTime> looked_at;              // instead, where one side alone was read
  std::optional<std::vector<Blocker>> blockers;  // replaces the recorded ones
  std::optional<Evidence> evidence;              // replaces status, code and ids
  std::string detail;                            // replaces the sentence
  // The rest is written as it stands.
  std::int64_t attempts = 0;
  std::optional<OpenPatch> open_patch;
  std::optional<Wait> wait;
};

/// What the ledger keeps of a list beside its tenants.
struct ListRecord {
  std::string digest;  // of the file; empty: not known, or the tenants are not as that list had them any more
  std::vector<std::string> notices;  // what was remarked about it, a line each
};

struct ImportCounts {
  std::int64_t listed = 0;
  std::int64_t added = 0;
  std::int64_t withdrawn = 0;
};

/// Tenants on the list, by state.
struct Standing {
  std::int64_t tenants = 0;
  std::int64_t pending = 0, checked = 0, blocked = 0, ready = 0, patching = 0, patched = 0, failed = 0;
};

class Ledger {
 public:
  /// Opens the ledger, or makes it. See database.hpp for what is refused.
  explicit Ledger(const std::filesystem::path& file);
  ~Ledger();

  /// Records the start of a run and takes over the list as it is now: new tenants become pending, those that
  /// are gone withdrawn, those that returned pending again. Waits that were noted by a clock that has been
  /// set back since begin anew. All or nothing.
  ImportCounts begin_run(const RunStart& start, const ListedTenants& list, FailedTenants failed,
                         const ListRecord& record = {});

  /// The same with the list that was taken over last, which has not changed since: its tenants are here as it
  /// had them, or the record's digest would be gone. docs/adr/0009-the-same-list-is-not-read-again.md argues
  /// why that is enough.
  ImportCounts begin_run_with_same_list(const RunStart& start, FailedTenants failed);

  [[nodiscard]] ListRecord list_record() const;

  /// The first so many, after that place, of all that is to be done now: every listed tenant that is not
  /// patched or failed, and every withdrawn one with an open PATCH. Open PATCHes come first, then those never
  /// checked or perhaps ready, then those blocked last time; of these, whoever met trouble last time comes at
  /// the end, otherwise in list order. A commit may give a tenant another place, which may lie ahead again.
  [[nodiscard]] std::vector<Work> work(WorkPlace after = {},
                                       std::int64_t at_most = std::numeric_limits<std::int64_t>::max()) const;

  [[nodiscard]] WorkCount work_count() const;

  /// That tenant, if it is among them, no PATCH of it is open, and it neither met trouble last time nor is to
  /// be left alone for a while.
  [[nodiscard]] std::optional<Work> untroubled_work_of(const Guid& tenant_id) const;

  [[nodiscard]] std::vector<Blocker> blockers_of(std::int64_t number) const;

  /// One durable transaction. A tenant that is not in the expected state, a move that is not legal, and a
  /// change that leads a tenant off the list to `patching`, or leaves it there, are Defects.
  void commit(const std::vector<Change>& changes, const RunCounters& counters);

  /// Until when the service asked everybody to wait, if that is known from an earlier run.
  [[nodiscard]] std::optional<UtcTime> service_not_before() const;
  void set_service_wait(const Wait& wait);

  [[nodiscard]] std::optional<PaceRecord> pace() const;
  void set_pace(const PaceRecord& record);
  void forget_pace();

  [[nodiscard]] Standing standing() const;

  /// Who signed in for this run. Another one in its midst is added to the first.
  void note_signed_in(const std::string& who);

  void finish_run(std::string_view outcome, int exit_code, UtcTime at, const RunCounters& counters);

 private:
  struct Inside;
  void record_start(const RunStart& start);
  std::unique_ptr<Inside> inside_;
};

}  // namespace offboard
