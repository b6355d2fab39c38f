#include <fmt/format.h>

#include <unordered_map>

#include "ledger/history.hpp"
#include "ledger/reader_inside.hpp"
#include "model/state.hpp"

namespace offboard {
namespace {

/// More would not help: the first broken row is where to look.
constexpr std::size_t k_max_findings = 20;

/// Walks the history from its first row to its last.
class Walk {
 public:
  explicit Walk(std::vector<std::string>& findings) : findings_(findings) {}

  void take(const HistoryRow& row) {
    ++rows_;
    if (row.seq != rows_) report(fmt::format("row {} stands where row {} belongs", row.seq, rows_));
    if (chain_hash(hash_, row) != row.hash) report(fmt::format("row {} does not match its hash", row.seq));
    rows_ = row.seq;
    hash_ = row.hash;
    take_move(row);
  }

  void check_end(std::int64_t seq, const std::string& hash) {
    if (rows_ != seq) report(fmt::format("history ends with row {}, the ledger says {}", rows_, seq));
    if (hash_ != hash) report("history does not end with the hash that the ledger holds");
  }

  void check_tenant(const std::string& tenant_id, const std::string& state) {
    const auto last = last_state_.find(tenant_id);
    const std::string told = last == last_state_.end() ? "nothing" : last->second;
    if (told != state)
      report(fmt::format("tenant {} is {}, its history ends with {}", tenant_id, state, told));
    if (last != last_state_.end()) last_state_.erase(last);
  }

  void check_no_tenant_left() {
    for (const auto& [tenant_id, state] : last_state_) {
      report(fmt::format("tenant {} has a history but no row of its own", tenant_id));
    }
  }

  void report(std::string finding) {
    if (findings_.size() < k_max_findings) findings_.push_back(std::move(finding));
  }

 private:
  void take_move(const HistoryRow& row) {
    auto& last = last_state_[row.tenant_id];
    if (last != row.from_state) {
      report(fmt::format("row {} moves tenant {} from \"{}\", where it was not", row.seq, row.tenant_id,
                         row.from_state));
    }
    const auto from = state_named(row.from_state);
    const auto to = state_named(row.to_state);
    const bool first = row.from_state.empty() && to == State::pending;
    const bool legal = first || (from && to && is_legal_move(*from, *to));
    if (!legal) report(fmt::format("row {} is not a legal move", row.seq));
    last = row.to_state;
  }

  std::vector<std::string>& findings_;
  std::int64_t rows_ = 0;
  std::string hash_ = std::string(k_hash_before_the_first);
  std::unordered_map<std::string, std::string> last_state_;
};

std::string schema_of(SQLite::Database& database, const char* name) {
  SQLite::Statement select(database, "select sql from sqlite_schema where type = 'trigger' and name = ?");
  select.bind(1, name);
  return select.executeStep() ? select.getColumn(0).getString() : "";
}

/// The guards must say word for word what the migrations say.
void check_guards(SQLite::Database& database, Walk& walk) {
  SQLite::Database fresh(":memory:", SQLite::OPEN_READWRITE);
  for (const auto& migration : all_migrations()) fresh.exec(std::string(migration.sql));
  for (const auto* name : {"history_is_never_updated", "history_is_never_deleted", "history_has_no_gap"}) {
    if (schema_of(database, name) != schema_of(fresh, name)) {
      walk.report(fmt::format("the guard {} has been removed or altered", name));
    }
  }
}

/// A null and an empty text are written alike in reports, but not in the chain; only the null is ours.
void check_nulls(SQLite::Database& database, Walk& walk) {
  SQLite::Statement select(
      database,
      "select seq from history where from_state = '' or error_code = '' or request_id = '' "
      "or correlation_id = ''");
  while (select.executeStep())
    walk.report(fmt::format("row {} does not match its hash", select.getColumn(0).getInt64()));
}

}  // namespace

std::vector<std::string> LedgerReader::verify() const {
  return inside_->guarded([&] {
    std::vector<std::string> findings;
    auto& database = *inside_->database;
    const auto integrity = database.execAndGet("pragma integrity_check").getString();
    if (integrity != "ok") findings.push_back(fmt::format("the file is damaged: {}", integrity));
    Walk walk(findings);
    for_each_history([&](const HistoryRow& row) { walk.take(row); });
    SQLite::Statement head(database, "select history_seq, history_hash from ledger");
    head.executeStep();
    walk.check_end(head.getColumn(0).getInt64(), head.getColumn(1).getString());
    SQLite::Statement tenants(database, "select tenant_id, state from tenant");
    while (tenants.executeStep()) {
      Columns row(tenants);
      const auto tenant_id = row.text();
      walk.check_tenant(tenant_id, row.text());
    }
    walk.check_no_tenant_left();
    check_guards(database, walk);
    check_nulls(database, walk);
    return findings;
  });
}

}  // namespace offboard
