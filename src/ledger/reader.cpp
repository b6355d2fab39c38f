#include "ledger/reader.hpp"

#include <algorithm>

#include "ledger/reader_inside.hpp"
#include "model/state.hpp"

namespace offboard {
namespace {

// Members are initialised from left to right, in the order of the columns.

TenantRow tenant_row(Columns& row) {
  return {row.text(), row.text(), row.text(), row.text(),   row.text(),
          row.text(), row.text(), row.text(), row.number(), row.number_or_null(),
          row.text(), row.text(), row.text(), row.text(),   row.text()};
}

BlockerRow blocker_row(Columns& row) {
  return {row.text(), row.text(), row.text(), row.text(), row.text(),
          row.text(), row.text(), row.text(), row.text()};
}

HistoryRow history_row(Columns& row) {
  return {row.number(), row.text(),           row.text(), row.text(), row.text(), row.text(),
          row.text(),   row.number_or_null(), row.text(), row.text(), row.text(), row.text()};
}

RunRow run_row(Columns& row) {
  return {row.text(),   row.text(),   row.text(),   row.text(),   row.text(),   row.number_or_null(),
          row.number(), row.number(), row.number(), row.number(), row.number(), row.number(),
          row.text(),   row.text(),   row.text(),   row.text()};
}

}  // namespace

LedgerReader::LedgerReader(const std::filesystem::path& file) : inside_(std::make_unique<Inside>(file)) {}
LedgerReader::~LedgerReader() = default;

void LedgerReader::for_each_tenant(const RowTaker<TenantRow>& take) const {
  inside_->for_each<TenantRow>(
      "select tenant_id, company_name, domain, state, "
      "(select group_concat(entry, ';') from (select code || ':' || object_id as entry from blocker "
      "where tenant = number order by ordinal)), "
      "detail, checked_at, patched_at, attempts, http_status, error_code, request_id, correlation_id, "
      "run_id, note "
      "from tenant where position is not null order by position",
      tenant_row, take);
}

void LedgerReader::for_each_blocker(const RowTaker<BlockerRow>& take) const {
  inside_->for_each<BlockerRow>(
      "select tenant_id, company_name, domain, code, object_id, object_name, object_status, what_to_do, "
      "since "
      "from tenant join blocker on blocker.tenant = tenant.number where position is not null order by "
      "position, ordinal",
      blocker_row, take);
}

void LedgerReader::for_each_history(const RowTaker<HistoryRow>& take) const {
  inside_->for_each<HistoryRow>(
      "select seq, at, run_id, tenant_id, from_state, to_state, reason, http_status, error_code, request_id, "
      "correlation_id, hash from history order by seq",
      history_row, take);
}

void LedgerReader::for_each_run(const RowTaker<RunRow>& take) const {
  inside_->for_each<RunRow>(
      "select run_id, command, started_at, ended_at, outcome, exit_code, tenants, patched, blocked, failed, "
      "requests, "
      "throttled, version, user, host, signed_in from run order by number",
      run_row, take);
}

std::vector<std::pair<std::string, std::int64_t>> LedgerReader::counts_by_state() const {
  return inside_->guarded([&] {
    std::vector<std::pair<std::string, std::int64_t>> counts;
    counts.reserve(k_all_states.size());
    for (const auto state : k_all_states) counts.emplace_back(name_of(state), 0);
    SQLite::Statement select(*inside_->database,
                             "select state, count(*) from tenant "
                             "where position is not null or state = 'withdrawn' group by state");
    while (select.executeStep()) {
      Columns row(select);
      const auto state = row.text();
      const auto entry =
          std::find_if(counts.begin(), counts.end(), [&](const auto& c) { return c.first == state; });
      if (entry != counts.end()) entry->second = row.number();
    }
    return counts;
  });
}

}  // namespace offboard
