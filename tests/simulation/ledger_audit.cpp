#include "ledger_audit.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include <cstring>
#include <set>
#include <tuple>

#include "ledger/reader.hpp"
#include "report/write.hpp"
#include "temp_folder.hpp"

namespace offboard::test {
namespace {

using Sentences = std::vector<std::string>;

/// The contract's picture of the legal moves, written down a second time.
bool may_move(const std::string& from, const std::string& to) {
  static const std::set<std::pair<std::string, std::string>> moves = {
      {"", "pending"},         {"pending", "checked"},  {"checked", "blocked"},   {"checked", "ready"},
      {"checked", "patched"},  {"blocked", "checked"},  {"ready", "checked"},     {"ready", "patching"},
      {"patching", "checked"}, {"patching", "patched"}, {"withdrawn", "pending"}, {"failed", "pending"},
      {"withdrawn", "patched"}};
  if (to == "failed" || to == "withdrawn") return from != "patched" && from != to;
  return moves.count({from, to}) != 0;
}

struct History {
  std::map<std::string, std::string> states;
  std::set<std::pair<std::string, std::string>> intents;  // tenant, request id
  std::map<std::int64_t, std::string> hashes;
  Sentences wrong;
};

History walk(const LedgerReader& reader) {
  History history;
  std::int64_t seq = 0;
  reader.for_each_history([&](const HistoryRow& row) {
    auto& state = history.states[row.tenant_id];
    if (row.seq != ++seq) history.wrong.push_back(fmt::format("history: {} where {} was due", row.seq, seq));
    if (row.from_state != state || !may_move(row.from_state, row.to_state))
      history.wrong.push_back(fmt::format("history {}: {} is {}, then from {} to {}", row.seq, row.tenant_id,
                                          state, row.from_state, row.to_state));
    state = row.to_state;
    if (row.to_state == "patching") history.intents.emplace(row.tenant_id, row.request_id);
    history.hashes[row.seq] = row.hash;
  });
  return history;
}

/// RFC 4180, and nothing but.
std::vector<std::vector<std::string>> parse_csv(const std::string& text) {
  std::vector<std::vector<std::string>> rows(1, {""});
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    auto& cell = rows.back().back();
    if (c == '"' && quoted && i + 1 < text.size() && text[i + 1] == '"') {
      cell += text[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      rows.back().emplace_back();
    } else if (c == '\n' && !quoted) {
      rows.push_back({""});
    } else if (c != '\r' || quoted) {
      cell += c;
    }
  }
  rows.pop_back();
  return rows;
}

}  // namespace

Sentences LedgerAudit::look(const std::filesystem::path& ledger, const TenantList& tonight,
                            const std::vector<simulator::LogEntry>& log) {
  const LedgerReader reader(ledger);
  std::size_t runs = 0;
  reader.for_each_run([&](const RunRow&) { ++runs; });
  // A process that died before its import has left the list as it was.
  if (runs > runs_) list_ = tonight;
  runs_ = runs;
  auto history = walk(reader);
  auto& wrong = history.wrong;
  for (auto& sentence : reader.verify()) wrong.push_back("verify: " + sentence);
  for (const auto& [seq, hash] : hashes_) {
    if (history.hashes[seq] != hash) wrong.push_back(fmt::format("history {} is not what it was", seq));
  }
  hashes_ = std::move(history.hashes);

  states_.clear();
  std::map<std::string, std::int64_t> attempts;
  auto due = list_.begin();
  reader.for_each_tenant([&](const TenantRow& row) {
    if (due == list_.end() || due->tenant_id.text() != row.tenant_id)
      wrong.push_back(row.tenant_id + " is not what the list says comes next");
    if (due != list_.end()) ++due;
    if (history.states[row.tenant_id] != row.state)
      wrong.push_back(fmt::format("{} is {}, its history says {}", row.tenant_id, row.state,
                                  history.states[row.tenant_id]));
    states_[row.tenant_id] = row.state;
    attempts[row.tenant_id] = row.attempts;
  });
  if (due != list_.end()) wrong.push_back("listed tenants are missing");

  for (const auto& entry : log) {
    if (entry.kind != simulator::Kind::patch) continue;
    if (history.intents.count({entry.customer, entry.request_id}) == 0)
      wrong.push_back(
          fmt::format("#{}: a PATCH for {} whose intent is not on record", entry.seq, entry.customer));
    if (const auto found = attempts.find(entry.customer); found != attempts.end() && --found->second < 0)
      wrong.push_back(entry.customer + " got more PATCHes than are on record");
  }
  return wrong;
}

Sentences report_differs(const std::filesystem::path& ledger) {
  std::string text;
  write_report(View::tenants, Format::csv, LedgerReader(ledger), {},
               [&](std::string_view piece) { text += piece; });
  auto rows = parse_csv(text);
  rows.erase(rows.begin());
  Sentences wrong;
  SQLite::Database database(ledger.string(), SQLite::OPEN_READONLY);
  SQLite::Statement select(
      database,
      "select tenant_id, company_name, state, coalesce(checked_at, ''), coalesce(patched_at, ''), "
      "attempts, coalesce(request_id, '') from tenant where position is not null order by position");
  std::size_t i = 0;
  for (; select.executeStep(); ++i) {
    if (i >= rows.size() || rows[i].size() != 15) return {"the report is cut short"};
    constexpr std::size_t k_cells[] = {0, 1, 3, 6, 7, 8, 11};
    for (int column = 0; column < 7; ++column) {
      const auto& cell = rows[i][k_cells[column]];
      if (cell != select.getColumn(column).getString())
        wrong.push_back(fmt::format("the report says {} where the ledger says {}", cell,
                                    select.getColumn(column).getString()));
    }
  }
  if (i != rows.size()) wrong.emplace_back("the report has rows that the ledger has not");
  return wrong;
}

Sentences leaked(const std::filesystem::path& folder, const std::string& except, const Sentences& secrets) {
  Sentences wrong;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().filename() == except) continue;
    const auto content = content_of(entry.path());
    for (const auto& secret : secrets) {
      // Several times as fast as std::string::find.
      if (::memmem(content.data(), content.size(), secret.data(), secret.size()) != nullptr)
        wrong.push_back(fmt::format("{} stands in {}", secret, entry.path().filename().string()));
    }
  }
  return wrong;
}

}  // namespace offboard::test
