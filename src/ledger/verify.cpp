#include <fmt/format.h>

#include <cstdint>
#include <unordered_map>

#include "base/guid.hpp"
#include "ledger/history.hpp"
#include "ledger/reader_inside.hpp"
#include "model/state.hpp"

namespace offboard {
namespace {

/// More would not help: the first broken row is where to look.
constexpr std::size_t k_max_findings = 20;

/// Where history leaves each tenant, in some 40 bytes a tenant.
class LastStates {
 public:
  /// A number for each state; one for all words that are none.
  using Code = std::uint8_t;
  static constexpr Code k_nothing = 0;
  static constexpr Code k_no_state = 1;

  static Code code_of(const std::string& state) {
    if (state.empty()) return k_nothing;
    const auto known = state_named(state);
    return known ? static_cast<Code>(static_cast<int>(*known) + 2) : k_no_state;
  }
  static std::string name_of_code(Code code) {
    if (code == k_nothing) return "nothing";
    return code == k_no_state ? "no state" : std::string(name_of(static_cast<State>(code - 2)));
  }

  Code& of(const std::string& tenant_id) {
    const auto guid = Guid::parse(tenant_id);
    if (guid && guid->text() == tenant_id) return by_guid_[guid->bytes()];
    return by_other_text_[tenant_id];
  }

 private:
  std::unordered_map<Guid::Bytes, Code, HashOfGuidBytes> by_guid_;
  std::unordered_map<std::string, Code> by_other_text_;
};

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
    const auto told = last_states_.of(tenant_id);
    if (told != LastStates::code_of(state)) {
      report(fmt::format("tenant {} is {}, its history ends with {}", tenant_id, state,
                         LastStates::name_of_code(told)));
    }
  }

  void report(std::string finding) {
    if (findings_.size() < k_max_findings) findings_.push_back(std::move(finding));
  }

 private:
  void take_move(const HistoryRow& row) {
    auto& last = last_states_.of(row.tenant_id);
    if (last != LastStates::code_of(row.from_state)) {
      report(fmt::format("row {} moves tenant {} from \"{}\", where it was not", row.seq, row.tenant_id,
                         row.from_state));
    }
    const auto from = state_named(row.from_state);
    const auto to = state_named(row.to_state);
    const bool first = row.from_state.empty() && to == State::pending;
    const bool legal = first || (from && to && is_legal_move(*from, *to));
    if (!legal) report(fmt::format("row {} is not a legal move", row.seq));
    last = LastStates::code_of(row.to_state);
  }

  std::vector<std::string>& findings_;
  std::int64_t rows_ = 0;
  std::string hash_ = std::string(k_hash_before_the_first);
  LastStates last_states_;
};

/// A trigger that keeps a promise, or an index that keeps rows apart and long lists quick.
struct Guard {
  std::string name;
  std::string sql;
};

/// As the migrations leave them.
std::vector<Guard> guards_of_a_new_ledger() {
  SQLite::Database fresh(":memory:", SQLite::OPEN_READWRITE);
  for (const auto& migration : all_migrations()) fresh.exec(std::string(migration.sql));
  SQLite::Statement select(fresh,
                           "select name, sql from sqlite_schema where type in ('trigger', 'index') and sql "
                           "is not null order by name");
  std::vector<Guard> guards;
  while (select.executeStep()) {
    Columns row(select);
    auto name = row.text();
    guards.push_back({std::move(name), row.text()});
  }
  return guards;
}

/// The guards must say word for word what the migrations say.
void check_guards(SQLite::Database& database, Walk& walk) {
  static const auto guards = guards_of_a_new_ledger();
  SQLite::Statement ours(database,
                         "select sql from sqlite_schema where type in ('trigger', 'index') and name = ?");
  for (const auto& guard : guards) {
    Binder(ours).text(guard.name);
    if (!ours.executeStep() || ours.getColumn(0).getString() != guard.sql)
      walk.report(fmt::format("the guard {} has been removed or altered", guard.name));
  }
}

void check_tenants(SQLite::Database& database, Walk& walk) {
  SQLite::Statement tenants(database, "select tenant_id, state from tenant");
  while (tenants.executeStep()) {
    Columns row(tenants);
    const auto tenant_id = row.text();
    walk.check_tenant(tenant_id, row.text());
  }
  SQLite::Statement gone(
      database,
      "select distinct tenant_id from history "
      "where not exists (select 1 from tenant where tenant.tenant_id = history.tenant_id)");
  while (gone.executeStep())
    walk.report(fmt::format("tenant {} has a history but no row of its own", gone.getColumn(0).getString()));
}

void check_standing(SQLite::Database& database, Walk& walk) {
  SQLite::Statement wrong(
      database,
      "select state, tenants, counted from standing left join (select state as counted_state, "
      "count(*) as counted from tenant where (position is not null) = (state <> 'withdrawn') "
      "group by state) on counted_state = state where tenants <> ifnull(counted, 0)");
  while (wrong.executeStep()) {
    Columns row(wrong);
    const auto state = row.text();
    const auto told = row.number();
    walk.report(fmt::format("{} tenants are {}, the ledger counts {}", row.number(), state, told));
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
    check_tenants(database, walk);
    check_standing(database, walk);
    check_guards(database, walk);
    check_nulls(database, walk);
    return findings;
  });
}

}  // namespace offboard
