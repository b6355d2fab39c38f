#pragma once
#include <SQLiteCpp/SQLiteCpp.h>

#include <map>
#include <string>
#include <string_view>

// Internal to this room.

namespace offboard {

/// Statements that are used time and again, each prepared once: to prepare one takes longer than to run it.
class Statements {
 public:
  /// The database must outlive this.
  explicit Statements(SQLite::Database& database) : database_(database) {}

  /// As it was left by its last use; Binder begins a new one.
  [[nodiscard]] SQLite::Statement& of(std::string_view sql) {
    const auto known = prepared_.find(sql);
    if (known != prepared_.end()) return known->second;
    std::string text(sql);
    SQLite::Statement statement(database_, text);
    return prepared_.emplace(std::move(text), std::move(statement)).first->second;
  }

 private:
  SQLite::Database& database_;
  std::map<std::string, SQLite::Statement, std::less<>> prepared_;
};

}  // namespace offboard
