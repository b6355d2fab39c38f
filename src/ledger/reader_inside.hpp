#pragma once
#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>
#include <memory>

#include "base/defect.hpp"
#include "ledger/bind.hpp"
#include "ledger/database.hpp"
#include "ledger/reader.hpp"

// Internal to this room.

namespace offboard {

struct LedgerReader::Inside {
  template <typename Piece>
  auto guarded(Piece&& piece) const {
    try {
      return piece();
    } catch (const SQLite::Exception& error) {
      throw MachineTrouble(database_message(file, error));
    }
  }

  explicit Inside(const std::filesystem::path& path) : file(path), database(open_for_reading(path)) {
    guarded([&] {
      // The first read of a transaction fixes what all later ones see.
      database->exec("begin");
      database->execAndGet("select count(*) from ledger");
    });
  }

  template <typename Row, typename Read>
  void for_each(const char* sql, const Read& read, const RowTaker<Row>& take) const {
    guarded([&] {
      SQLite::Statement select(*database, sql);
      while (select.executeStep()) {
        Columns columns(select);
        take(read(columns));
      }
    });
  }

  std::filesystem::path file;
  std::unique_ptr<SQLite::Database> database;
};

}  // namespace offboard
