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

  std::filesystem::path file;
  std::unique_ptr<SQLite::Database> database;
};

}  // namespace offboard
