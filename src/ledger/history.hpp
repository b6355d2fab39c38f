#pragma once
#include <cstdint>
#include <string>

#include "ledger/statements.hpp"
#include "model/report_rows.hpp"

// Internal to this room.

namespace offboard {

inline constexpr std::string_view k_hash_before_the_first =
    "0000000000000000000000000000000000000000000000000000000000000000";

/// How a row is chained to the one before it. schema/001_ledger.sql describes it for outsiders.
[[nodiscard]] std::string chain_hash(std::string_view previous_hash, const HistoryRow& row);

/// Appends to the history within the caller's transaction.
class HistoryWriter {
 public:
  /// Both must outlive this.
  HistoryWriter(SQLite::Database& database, Statements& statements);

  /// Fills in seq and hash and writes the row.
  void append(HistoryRow row);

  /// Records the end of the chain; to be called before every commit that appended.
  void seal();

 private:
  Statements& statements_;
  std::int64_t seq_ = 0;
  std::string hash_;
};

}  // namespace offboard
