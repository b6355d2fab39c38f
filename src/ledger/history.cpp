#include "ledger/history.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include "base/sha256.hpp"
#include "ledger/bind.hpp"

namespace offboard {
namespace {

void add(std::string& text, std::string_view value) {
  const fmt::format_int length(value.size());
  text.append(length.data(), length.size()).append(":").append(value).append(",");
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
  text.reserve(500);
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
  static thread_local Sha256 sha256;
  sha256.add(text);
  return sha256.finish();
}

HistoryWriter::HistoryWriter(SQLite::Database& database, Statements& statements) : statements_(statements) {
  SQLite::Statement head(database, "select history_seq, history_hash from ledger");
  head.executeStep();
  seq_ = head.getColumn(0).getInt64();
  hash_ = head.getColumn(1).getString();
}

void HistoryWriter::append(HistoryRow row) {
  row.seq = ++seq_;
  row.hash = chain_hash(hash_, row);
  hash_ = row.hash;
  auto& insert = statements_.of("insert into history values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  Binder(insert)
      .number(row.seq)
      .kept(row.at)
      .kept(row.run_id)
      .kept(row.tenant_id)
      .kept_or_null(row.from_state)
      .kept(row.to_state)
      .kept(row.reason)
      .number_or_null(row.http_status)
      .kept_or_null(row.error_code)
      .kept_or_null(row.request_id)
      .kept_or_null(row.correlation_id)
      .kept(row.hash);
  insert.exec();
}

void HistoryWriter::seal() {
  auto& update = statements_.of("update ledger set history_seq = ?, history_hash = ?");
  Binder(update).number(seq_).text(hash_);
  update.exec();
}

}  // namespace offboard
