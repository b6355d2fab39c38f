#pragma once
#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <optional>
#include <string>

// Internal to this room.

namespace offboard {

/// Binds the parameters of a statement from left to right, once each, so that none keeps the value of an
/// earlier use.
class Binder {
 public:
  explicit Binder(SQLite::Statement& statement) : statement_(statement) {
    statement_.reset();
    statement_.clearBindings();
  }
  Binder& text(const std::string& value) {
    statement_.bind(++index_, value);
    return *this;
  }
  /// The same without a copy: the value must outlive the statement's run.
  Binder& kept(const std::string& value) {
    statement_.bindNoCopy(++index_, value);
    return *this;
  }
  Binder& kept_or_null(const std::string& value) {
    if (!value.empty()) return kept(value);
    statement_.bind(++index_);
    return *this;
  }
  Binder& text_or_null(const std::string& value) {
    if (value.empty()) {
      statement_.bind(++index_);
      return *this;
    }
    return text(value);
  }
  Binder& number(std::int64_t value) {
    statement_.bind(++index_, value);
    return *this;
  }
  Binder& number_or_null(std::optional<std::int64_t> value) {
    if (!value) {
      statement_.bind(++index_);
      return *this;
    }
    return number(*value);
  }

 private:
  SQLite::Statement& statement_;
  int index_ = 0;
};

/// Reads the columns of a row from left to right.
class Columns {
 public:
  explicit Columns(SQLite::Statement& statement) : statement_(statement) {}
  [[nodiscard]] std::string text() {
    return statement_.getColumn(index_++).getString();
  }  // null reads as empty
  [[nodiscard]] std::int64_t number() { return statement_.getColumn(index_++).getInt64(); }
  [[nodiscard]] std::optional<std::int64_t> number_or_null() {
    const auto column = statement_.getColumn(index_++);
    return column.isNull() ? std::nullopt : std::optional(column.getInt64());
  }

  /// The next columns, each by the type of where it goes.
  template <typename... Targets>
  void into(Targets&... targets) {
    (put(targets), ...);
  }

 private:
  void put(std::string& target) {
    const auto column = statement_.getColumn(index_++);
    const char* text = column.getText();
    target.assign(text, static_cast<std::size_t>(column.getBytes()));
  }
  void put(std::int64_t& target) { target = number(); }
  void put(std::optional<std::int64_t>& target) { target = number_or_null(); }

  SQLite::Statement& statement_;
  int index_ = 0;
};

}  // namespace offboard
