#pragma once
#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>
#include <memory>

#include "base/defect.hpp"
#include "ledger/bind.hpp"
#include "ledger/database.hpp"
#include "ledger/history.hpp"
#include "ledger/ledger.hpp"
#include "ledger/statements.hpp"

// Internal to this room.

namespace offboard {

struct Ledger::Inside {
  explicit Inside(const std::filesystem::path& path)
      : file(path), database(open_for_writing(path)), statements(*database), history(*database, statements) {}

  /// Runs a piece of work and turns SQLite's failures into the room's own.
  template <typename Piece>
  auto guarded(Piece&& piece) {
    try {
      return piece();
    } catch (const SQLite::Exception& error) {
      throw MachineTrouble(database_message(file, error));
    }
  }

  /// The same within one durable transaction.
  template <typename Piece>
  auto in_transaction(Piece&& piece) {
    return guarded([&] {
      SQLite::Transaction transaction(*database, SQLite::TransactionBehavior::IMMEDIATE);
      piece();
      history.seal();
      transaction.commit();
    });
  }

  std::filesystem::path file;
  std::unique_ptr<SQLite::Database> database;
  Statements statements;
  HistoryWriter history;
  std::string run_id;
};

/// Brings the tenant table in line with the list, within the caller's transaction.
[[nodiscard]] ImportCounts import_list(SQLite::Database& database, Statements& statements,
                                       HistoryWriter& history, const RunStart& run, const ListedTenants& list,
                                       FailedTenants failed);

/// The same where the list is the one that was taken over last: without looking at every tenant.
[[nodiscard]] ImportCounts keep_list(Statements& statements, HistoryWriter& history, const RunStart& run,
                                     FailedTenants failed);

/// Which list was taken over last.
[[nodiscard]] ListRecord read_list_record(SQLite::Database& database);

/// What was learned of the service's quota, if anything was.
[[nodiscard]] std::optional<PaceRecord> read_pace(SQLite::Database& database);

/// Waits that were noted later than now come from a clock that has been set back since.
void begin_waits_anew(Statements& statements, UtcTime now);

}  // namespace offboard
