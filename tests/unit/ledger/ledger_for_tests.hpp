#pragma once
#include <SQLiteCpp/SQLiteCpp.h>

#include <base/defect.hpp>
#include <catch2/catch.hpp>
#include <ledger/ledger.hpp>
#include <ledger/reader.hpp>
#include <string>
#include <vector>

#include "../base/temporary_folder.hpp"
#include "../listed_in_memory.hpp"

namespace offboard::test {

/// The GUID whose every digit is the same.
inline Guid guid(char digit) {
  std::string text(36, digit);
  for (const std::size_t dash : {8U, 13U, 18U, 23U}) text[dash] = '-';
  return *Guid::parse(text);
}

/// 2026-11-23T01:38:07.123Z and so many seconds.
inline UtcTime time_at(int second = 0) {
  return UtcTime(milliseconds(1795397887123)) + seconds(second);
}

inline ListedTenant tenant(char digit) {
  return {guid(digit), std::string("Company ") + digit, std::string(1, digit) + ".example", ""};
}

inline TenantList list_of(const std::string& digits) {
  TenantList list;
  for (const char digit : digits) list.push_back(tenant(digit));
  return list;
}

inline RunStart run_start(char digit, const std::string& command = "run") {
  return {guid(digit), command, time_at(), "0.1.0", "alice", "host-1"};
}

/// A run over a list in memory.
inline ImportCounts begin_run(Ledger& ledger, const RunStart& start, const TenantList& list,
                              FailedTenants failed, const ListRecord& record = {}) {
  return ledger.begin_run(start, ListedInMemory(list), failed, record);
}

inline Evidence evidence(int status, const std::string& code = "") {
  return {status, code, "message", guid('e'), guid('f')};
}

/// A change of one tenant along a path of states.
inline Change change_of(const Work& work, const std::vector<State>& path, int second = 1) {
  Change change;
  change.number = work.number;
  change.tenant_id = work.listed.tenant_id;
  change.expected = work.state;
  change.attempts = work.attempts;
  change.open_patch = work.open_patch;
  auto from = work.state;
  for (const auto to : path) {
    change.moves.push_back({from, to, time_at(second), "reason", {}});
    from = to;
  }
  return change;
}

inline std::vector<TenantRow> tenant_rows(const std::filesystem::path& file) {
  std::vector<TenantRow> rows;
  LedgerReader(file).for_each_tenant([&](const TenantRow& row) { rows.push_back(row); });
  return rows;
}

inline std::vector<HistoryRow> history_rows(const std::filesystem::path& file) {
  std::vector<HistoryRow> rows;
  LedgerReader(file).for_each_history([&](const HistoryRow& row) { rows.push_back(row); });
  return rows;
}

inline std::vector<BlockerRow> blocker_rows(const std::filesystem::path& file) {
  std::vector<BlockerRow> rows;
  LedgerReader(file).for_each_blocker([&](const BlockerRow& row) { rows.push_back(row); });
  return rows;
}

inline std::vector<RunRow> run_rows(const std::filesystem::path& file) {
  std::vector<RunRow> rows;
  LedgerReader(file).for_each_run([&](const RunRow& row) { rows.push_back(row); });
  return rows;
}

/// A ledger in a folder of its own, and the state of its tenants.
struct Given {
  TemporaryFolder folder;
  std::filesystem::path file = folder / "job.db";

  /// Begins a run of its own over a list, in a ledger opened for that.
  void begin(char run, const TenantList& list, FailedTenants failed = FailedTenants::leave) const {
    Ledger ledger(file);
    begin_run(ledger, run_start(run), list, failed);
  }

  /// Opens the ledger for the next run over the same list, and moves one tenant along a path.
  void move(char run, const TenantList& list, char digit, const std::vector<State>& path) const {
    Ledger ledger(file);
    begin_run(ledger, run_start(run), list, FailedTenants::leave);
    ledger.commit({change_of(work_on(ledger, digit), path)}, {});
  }

  [[nodiscard]] static Work work_on(const Ledger& ledger, char digit) {
    for (const auto& work : ledger.work())
      if (work.listed.tenant_id == guid(digit)) return work;
    throw std::runtime_error("no work on that tenant");
  }

  /// "state" or "nothing", from the table itself, on the list or off it.
  [[nodiscard]] std::string state_of(char digit) const {
    SQLite::Database database(file.string(), SQLite::OPEN_READONLY);
    SQLite::Statement select(database, "select state from tenant where tenant_id = ?");
    select.bind(1, guid(digit).text());
    return select.executeStep() ? select.getColumn(0).getString() : "nothing";
  }

  [[nodiscard]] std::string ask(const std::string& sql) const {
    SQLite::Database database(file.string(), SQLite::OPEN_READONLY);
    SQLite::Statement select(database, sql);
    return select.executeStep() ? select.getColumn(0).getString() : "no row";
  }

  /// Somebody writes to the ledger with a tool of their own.
  void tamper(const std::string& sql) const {
    SQLite::Database database(file.string(), SQLite::OPEN_READWRITE);
    database.exec("pragma synchronous = off");
    database.exec(sql);
  }

  [[nodiscard]] std::vector<std::string> findings() const { return LedgerReader(file).verify(); }
};

inline Blocker blocker(BlockerCode code, const std::string& object_id) {
  return {code, object_id, "name of " + object_id, "active", "do something"};
}

}  // namespace offboard::test
