#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace offboard {

/// The rows of the four report views, in the contract's columns and order, ready to be written. Times are
/// already text (UTC, ISO 8601); an empty text or a missing number is "nothing". One row at a time passes
/// from the ledger to the writers, so a report needs no memory for the whole.

struct TenantRow {
  std::string tenant_id, company_name, domain, state;
  std::string blockers;  // code:object id joined by ;
  std::string detail, checked_at, patched_at;
  std::int64_t attempts = 0;  // PATCHes sent
  std::optional<std::int64_t> http_status;
  std::string error_code, request_id, correlation_id, run_id, note;
};

struct BlockerRow {
  std::string tenant_id, company_name, domain, code, object_id, object_name, object_status, what_to_do, since;
};

struct HistoryRow {
  std::int64_t seq = 0;
  std::string at, run_id, tenant_id, from_state, to_state, reason;
  std::optional<std::int64_t> http_status;
  std::string error_code, request_id, correlation_id, hash;
};

struct RunRow {
  std::string run_id, command, started_at, ended_at, outcome;
  std::optional<std::int64_t> exit_code;
  std::int64_t tenants = 0, patched = 0, blocked = 0, failed = 0, requests = 0, throttled = 0;
  std::string version, user, host;
  std::string signed_in;  // as whom, with which application; in no column of the view
};

/// Takes one row after the other; a row need not outlive the call.
template <typename Row>
using RowTaker = std::function<void(const Row&)>;

/// Where the rows come from: one consistent snapshot. Each function hands over every row of its view, in the
/// view's order, one at a time. What `take` throws passes through.
class RowSource {
 public:
  virtual ~RowSource() = default;
  virtual void for_each_tenant(const RowTaker<TenantRow>& take) const = 0;
  virtual void for_each_blocker(const RowTaker<BlockerRow>& take) const = 0;
  virtual void for_each_history(const RowTaker<HistoryRow>& take) const = 0;
  virtual void for_each_run(const RowTaker<RunRow>& take) const = 0;
};

}  // namespace offboard
