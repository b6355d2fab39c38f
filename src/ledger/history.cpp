#include "ledger/history.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include "ledger/bind.hpp"
#include "ledger/sha256.hpp"

namespace offboard {
namespace {

void add(std::string& text, std::string_view value) {
  text += fmt::format("{}:{},", value.size(), value);
}

void add_or_null(std::string& text, std::string_view value) {
  if (value.empty()) {
    text += "-,";
  } else {
    add(text, value);
  }
}

}  // namespace

std::string chain_hash(std::string_view previous_hash, const HistoryRow& row) {
  std::string text;
  add(text, previous_hash);
  add(text, fmt::to_string(row.seq));
  add(text, row.at);
  add(text, row.run_id);
  add(text, row.tenant_id);
  add_or_null(text, row.from_state);
  add(text, row.to_state);
  add(text, row.reason);
  add_or_null(text, row.http_status ? fmt::to_string(*row.http_status) : "");
  add_or_null(text, row.error_code);
  add_or_null(text, row.request_id);
  add_or_null(text, row.correlation_id);
  return sha256_hex(text);
}

HistoryWriter::HistoryWriter(SQLite::Database& database) : database_(database) {
  SQLite::Statement head(database_, "select history_seq, history_hash from ledger");
  head.executeStep();
  seq_ = head.getColumn(0).getInt64();
  hash_ = head.getColumn(1).getString();
}

void HistoryWriter::append(HistoryRow row) {
  row.seq = ++seq_;
  row.hash = chain_hash(hash_, row);
  hash_ = row.hash;
  SQLite::Statement insert(database_, "insert into history values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  Binder(insert)
      .number(row.seq)
      .text(row.at)
      .text(row.run_id)
      .text(row.tenant_id)
      .text_or_null(row.from_state)
      .text(row.to_state)
      .text(row.reason)
      .number_or_null(row.http_status)
      .text_or_null(row.error_code)
      .text_or_null(row.request_id)
      .text_or_null(row.correlation_id)
      .text(row.hash);
  insert.exec();
}

void HistoryWriter::seal() {
  SQLite::Statement update(database_, "update ledger set history_seq = ?, history_hash = ?");
  Binder(update).number(seq_).text(hash_);
  update.exec();
}

}  // namespace offboard
