#include "ledger/reader.hpp"

#include <algorithm>
#include <sstream>

#include "ledger/inside.hpp"
#include "ledger/reader_inside.hpp"
#include "model/state.hpp"

namespace offboard {
namespace {

void read(Columns& row, TenantRow& to) {
  row.into(to.tenant_id, to.company_name, to.domain, to.state, to.blockers, to.detail, to.checked_at,
           to.patched_at, to.attempts, to.http_status, to.error_code, to.request_id, to.correlation_id,
           to.run_id, to.note);
}

void read(Columns& row, BlockerRow& to) {
  row.into(to.tenant_id, to.company_name, to.domain, to.code, to.object_id, to.object_name, to.object_status,
           to.what_to_do, to.since);
}

void read(Columns& row, HistoryRow& to) {
  row.into(to.seq, to.at, to.run_id, to.tenant_id, to.from_state, to.to_state, to.reason, to.http_status,
           to.error_code, to.request_id, to.correlation_id, to.hash);
}

void read(Columns& row, RunRow& to) {
  row.into(to.run_id, to.command, to.started_at, to.ended_at, to.outcome, to.exit_code, to.tenants,
           to.patched, to.blocked, to.failed, to.requests, to.throttled, to.version, to.user, to.host,
           to.signed_in);
}

/// The same row over and over: a million of them need no more memory than one, and take none anew.
template <typename Row>
void take_each(SQLite::Statement& select, const RowTaker<Row>& take) {
  Row row;
  while (select.executeStep()) {
    Columns columns(select);
    read(columns, row);
    take(row);
  }
}

constexpr const char* k_run_columns =
    "select run_id, command, started_at, ended_at, outcome, exit_code, tenants, patched, blocked, failed, "
    "requests, throttled, version, user, host, signed_in from run order by number";

}  // namespace

ListRecord read_list_record(SQLite::Database& database) {
  SQLite::Statement select(database, "select list_digest, list_notices from ledger");
  select.executeStep();
  Columns row(select);
  ListRecord record;
  record.digest = row.text();
  std::istringstream notices(row.text());
  for (std::string line; std::getline(notices, line);) record.notices.push_back(line);
  return record;
}

std::optional<PaceRecord> read_pace(SQLite::Database& database) {
  SQLite::Statement select(database, "select per_hour, trial_after, is_of_windows, learned_at from pace");
  if (!select.executeStep()) return std::nullopt;
  Columns row(select);
  PaceRecord record;
  record.per_hour = row.number();
  record.trial_after = row.number();
  record.is_of_windows = row.number() != 0;
  record.learned_at = parse_iso(row.text()).value_or(UtcTime{});
  return record;
}

LedgerReader::LedgerReader(const std::filesystem::path& file) : inside_(std::make_unique<Inside>(file)) {}
LedgerReader::~LedgerReader() = default;

void LedgerReader::for_each_tenant(const RowTaker<TenantRow>& take) const {
  inside_->guarded([&] {
    SQLite::Statement select(
        *inside_->database,
        "select tenant_id, company_name, domain, state, "
        "(select group_concat(entry, ';') from (select code || ':' || object_id as entry from blocker "
        "where tenant = number order by ordinal)), "
        "detail, checked_at, patched_at, attempts, http_status, error_code, request_id, correlation_id, "
        "run_id, note "
        "from tenant where position is not null order by position");
    take_each(select, take);
  });
}

void LedgerReader::for_each_blocker(const RowTaker<BlockerRow>& take) const {
  inside_->guarded([&] {
    SQLite::Statement select(
        *inside_->database,
        "select tenant_id, company_name, domain, code, object_id, object_name, object_status, what_to_do, "
        "since "
        "from tenant join blocker on blocker.tenant = tenant.number where position is not null order by "
        "position, ordinal");
    take_each(select, take);
  });
}

void LedgerReader::for_each_history(const RowTaker<HistoryRow>& take) const {
  inside_->guarded([&] {
    SQLite::Statement select(*inside_->database,
                             "select seq, at, run_id, tenant_id, from_state, to_state, reason, http_status, "
                             "error_code, request_id, "
                             "correlation_id, hash from history order by seq");
    take_each(select, take);
  });
}

void LedgerReader::for_each_run(const RowTaker<RunRow>& take) const {
  inside_->guarded([&] {
    SQLite::Statement select(*inside_->database, k_run_columns);
    take_each(select, take);
  });
}

std::vector<RunRow> LedgerReader::last_runs(std::int64_t at_most) const {
  return inside_->guarded([&] {
    std::vector<RunRow> runs;
    SQLite::Statement select(*inside_->database, std::string(k_run_columns) + " desc limit ?");
    select.bind(1, at_most);
    take_each<RunRow>(select, [&](const RunRow& run) { runs.push_back(run); });
    return runs;
  });
}

HistoryEnd LedgerReader::history_end() const {
  return inside_->guarded([&] {
    SQLite::Statement select(*inside_->database, "select history_seq, history_hash from ledger");
    select.executeStep();
    Columns row(select);
    HistoryEnd end;
    row.into(end.rows, end.hash);
    return end;
  });
}

ListRecord LedgerReader::list_record() const {
  return inside_->guarded([&] { return read_list_record(*inside_->database); });
}

std::optional<PaceRecord> LedgerReader::pace() const {
  return inside_->guarded([&] { return read_pace(*inside_->database); });
}

std::vector<std::pair<std::string, std::int64_t>> LedgerReader::counts_by_state() const {
  return inside_->guarded([&] {
    std::vector<std::pair<std::string, std::int64_t>> counts;
    counts.reserve(k_all_states.size());
    for (const auto state : k_all_states) counts.emplace_back(name_of(state), 0);
    SQLite::Statement select(*inside_->database, "select state, tenants from standing");
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
