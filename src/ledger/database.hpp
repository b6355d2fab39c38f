#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// Internal to this room.

namespace SQLite {
class Database;
}

namespace offboard {

struct Migration {
  int version;
  std::string_view sql;
};

/// schema/*.sql, by number.
[[nodiscard]] const std::vector<Migration>& all_migrations();

/// Marks the file as a ledger of this program ("OFBD").
inline constexpr int k_application_id = 0x4F464244;

/// Opens a ledger to write, making it if there is none and bringing its schema up to date. A new ledger is
/// built beside its place and renamed into it, so that a file there is always a whole ledger or none of ours.
/// Throws MachineTrouble; a file that is not a ledger or of a later version is not touched.
[[nodiscard]] std::unique_ptr<SQLite::Database> open_for_writing(const std::filesystem::path& file);

/// Opens an existing ledger to read. Throws MachineTrouble.
[[nodiscard]] std::unique_ptr<SQLite::Database> open_for_reading(const std::filesystem::path& file);

/// What to tell an operator about a failure of SQLite.
[[nodiscard]] std::string database_message(const std::filesystem::path& file, const std::exception& error);

}  // namespace offboard
