#include "ledger/ledger.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ledger/inside.hpp"

namespace offboard {
namespace {

/// What is written to a tenant's row: the same few statements for all.
std::string tenant_update(const Change& change) {
  const auto to = change.moves.empty() ? change.expected : change.moves.back().to;
  // Promise 1: an intent is recorded only for a tenant that is on the list now.
  const bool is_intent = std::any_of(change.moves.begin(), change.moves.end(),
                                     [](const auto& move) { return move.to == State::patching; });
  std::string sql =
      "update tenant set state = ?, run_id = ?, detail = ?, attempts = ?, open_request_id = ?, "
      "open_correlation_id = ?, not_before = ?, not_before_noted_at = ?";
  if (change.evidence) sql += ", http_status = ?, error_code = ?, request_id = ?, correlation_id = ?";
  if (change.check)
    sql +=
        ", checked_at = ?, full_check_at = ?, full_check_terms = ?, found_company_name = ?, found_domain = "
        "?, "
        "found_relationship = ?, found_subscriptions = ?, found_entitlements = ?";
  if (change.looked_at) sql += ", checked_at = ?";
  if (to == State::patched && !change.moves.empty()) sql += ", patched_at = ?";
  return sql + " where number = ? and tenant_id = ? and state = ?" +
         (is_intent || to == State::patching ? " and position is not null" : "");
}

/// The one row that a change found where it expected it.
void write_tenant(Statements& statements, const Change& change, const std::string& run_id) {
  const auto to = change.moves.empty() ? change.expected : change.moves.back().to;
  auto& update = statements.of(tenant_update(change));
  Binder binder(update);
  binder.text(std::string(name_of(to)))
      .text(run_id)
      .text_or_null(change.detail)
      .number(change.attempts)
      .text_or_null(change.open_patch ? change.open_patch->request_id.text() : "")
      .text_or_null(change.open_patch ? change.open_patch->correlation_id.text() : "")
      .text_or_null(change.wait ? iso_text(change.wait->until) : "")
      .text_or_null(change.wait ? iso_text(change.wait->noted_at) : "");
  if (const auto& evidence = change.evidence) {
    binder
        .number_or_null(evidence->http_status == 0 ? std::nullopt
                                                   : std::optional<std::int64_t>(evidence->http_status))
        .text_or_null(evidence->error_code)
        .text_or_null(evidence->request_id.text())
        .text_or_null(evidence->correlation_id.text());
  }
  if (const auto& check = change.check) {
    binder.text(iso_text(check->at))
        .text(iso_text(check->at))
        .text_or_null(check->terms)
        .text_or_null(check->company_name)
        .text_or_null(check->domain)
        .text_or_null(check->relationship)
        .number(check->subscriptions)
        .number(check->entitlements);
  }
  if (change.looked_at) binder.text(iso_text(*change.looked_at));
  if (to == State::patched && !change.moves.empty()) binder.text(iso_text(change.moves.back().at));
  binder.number(change.number).text(change.tenant_id.text()).text(std::string(name_of(change.expected)));
  ensure(update.exec() == 1, fmt::format("tenant {} is listed and {} when it is changed",
                                         change.tenant_id.text(), name_of(change.expected)));
}

/// A blocker that was there before keeps its `since`.
void write_blockers(Statements& statements, const Change& change) {
  if (!change.blockers) return;
  const auto now = change.check ? change.check->at : change.looked_at.value_or(UtcTime{});
  std::vector<std::pair<std::string, std::string>> before;
  auto& select =
      statements.of("select code || ':' || object_id, since from blocker where tenant = ? order by ordinal");
  Binder(select).number(change.number);
  while (select.executeStep()) {
    Columns row(select);
    auto key = row.text();
    before.emplace_back(std::move(key), row.text());
  }
  if (!before.empty()) {
    auto& forget = statements.of("delete from blocker where tenant = ?");
    Binder(forget).number(change.number);
    forget.exec();
  }
  auto& insert = statements.of("insert into blocker values (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  std::int64_t ordinal = 0;
  for (const auto& blocker : *change.blockers) {
    const auto key = fmt::format("{}:{}", name_of(blocker.code), blocker.object_id);
    const auto known =
        std::find_if(before.begin(), before.end(), [&](const auto& entry) { return entry.first == key; });
    Binder(insert)
        .number(change.number)
        .number(++ordinal)
        .text(std::string(name_of(blocker.code)))
        .text(blocker.object_id)
        .text(blocker.object_name)
        .text(blocker.object_status)
        .text(blocker.what_to_do)
        .text(known == before.end() ? iso_text(now) : known->second)
        .text_or_null(std::string(blocker.side ? name_of(*blocker.side) : ""));
    insert.exec();
  }
}

void write_history(HistoryWriter& history, const Change& change, const std::string& run_id) {
  auto at = change.expected;
  for (const auto& move : change.moves) {
    ensure(move.from == at && is_legal_move(move.from, move.to),
           "a move is legal and begins where the last one ended");
    at = move.to;
    HistoryRow row;
    row.at = iso_text(move.at);
    row.run_id = run_id;
    row.tenant_id = change.tenant_id.text();
    row.from_state = name_of(move.from);
    row.to_state = name_of(move.to);
    row.reason = move.reason;
    if (move.evidence.http_status != 0) row.http_status = move.evidence.http_status;
    row.error_code = move.evidence.error_code;
    row.request_id = move.evidence.request_id.text();
    row.correlation_id = move.evidence.correlation_id.text();
    history.append(std::move(row));
  }
}

void write_counters(Statements& statements, const std::string& run_id, const RunCounters& counters) {
  auto& update = statements.of("update run set requests = ?, throttled = ? where run_id = ?");
  Binder(update).number(counters.requests).number(counters.throttled).text(run_id);
  update.exec();
}

}  // namespace

Ledger::Ledger(const std::filesystem::path& file) try : inside_(std::make_unique<Inside>(file)) {
} catch (const SQLite::Exception& error) {
  throw MachineTrouble(database_message(file, error));
}
Ledger::~Ledger() = default;

void Ledger::record_start(const RunStart& start) {
  inside_->run_id = start.run_id.text();
  auto& database = *inside_->database;
  // Whoever comes here holds the run lock: a run without an end has died.
  database.exec("update run set outcome = 'interrupted' where outcome is null");
  SQLite::Statement insert(
      database,
      "insert into run (run_id, command, started_at, version, user, host) values (?, ?, ?, ?, ?, ?)");
  Binder(insert)
      .text(start.run_id.text())
      .text(start.command)
      .text(iso_text(start.at))
      .text(start.version)
      .text(start.user)
      .text(start.host);
  insert.exec();
  begin_waits_anew(inside_->statements, start.at);
}

ImportCounts Ledger::begin_run(const RunStart& start, const ListedTenants& list, FailedTenants failed,
                               const ListRecord& record) {
  ImportCounts counts;
  inside_->in_transaction([&] {
    record_start(start);
    counts = import_list(*inside_->database, inside_->statements, inside_->history, start, list, failed);
    auto& update = inside_->statements.of("update ledger set list_digest = ?, list_notices = ?");
    Binder(update)
        .text_or_null(record.digest)
        .text_or_null(fmt::format("{}", fmt::join(record.notices, "\n")));
    update.exec();
  });
  return counts;
}

ImportCounts Ledger::begin_run_with_same_list(const RunStart& start, FailedTenants failed) {
  ImportCounts counts;
  inside_->in_transaction([&] {
    ensure(!list_record().digest.empty(), "the list that was taken over last is known");
    record_start(start);
    counts = keep_list(inside_->statements, inside_->history, start, failed);
  });
  return counts;
}

ListRecord Ledger::list_record() const {
  return inside_->guarded([&] { return read_list_record(*inside_->database); });
}

void Ledger::commit(const std::vector<Change>& changes, const RunCounters& counters) {
  inside_->in_transaction([&] {
    for (const auto& change : changes) {
      write_history(inside_->history, change, inside_->run_id);
      write_tenant(inside_->statements, change, inside_->run_id);
      write_blockers(inside_->statements, change);
    }
    write_counters(inside_->statements, inside_->run_id, counters);
  });
}

std::optional<UtcTime> Ledger::service_not_before() const {
  return inside_->guarded([&] {
    SQLite::Statement select(*inside_->database, "select service_not_before from ledger");
    select.executeStep();
    return parse_iso(select.getColumn(0).getString());
  });
}

void Ledger::set_service_wait(const Wait& wait) {
  inside_->in_transaction([&] {
    SQLite::Statement update(*inside_->database,
                             "update ledger set service_not_before = ?, service_not_before_noted_at = ?");
    Binder(update).text(iso_text(wait.until)).text(iso_text(wait.noted_at));
    update.exec();
  });
}

std::optional<PaceRecord> Ledger::pace() const {
  return inside_->guarded([&] { return read_pace(*inside_->database); });
}

void Ledger::forget_pace() {
  inside_->in_transaction([&] { inside_->database->exec("delete from pace"); });
}

void Ledger::set_pace(const PaceRecord& record) {
  inside_->in_transaction([&] {
    SQLite::Statement insert(*inside_->database, "insert or replace into pace values (1, ?, ?, ?, ?)");
    Binder(insert)
        .number(record.per_hour)
        .number(record.trial_after)
        .number(record.is_of_windows ? 1 : 0)
        .text(iso_text(record.learned_at));
    insert.exec();
  });
}

Standing Ledger::standing() const {
  return inside_->guarded([&] {
    Standing standing;
    auto& select = inside_->statements.of("select state, tenants from standing");
    select.reset();
    while (select.executeStep()) {
      Columns row(select);
      const auto state = state_named(row.text());
      const auto count = row.number();
      if (state != State::withdrawn) standing.tenants += count;
      switch (state.value_or(State::withdrawn)) {
        case State::pending: standing.pending = count; break;
        case State::checked: standing.checked = count; break;
        case State::blocked: standing.blocked = count; break;
        case State::ready: standing.ready = count; break;
        case State::patching: standing.patching = count; break;
        case State::patched: standing.patched = count; break;
        case State::failed: standing.failed = count; break;
        case State::withdrawn: break;
      }
    }
    return standing;
  });
}

void Ledger::note_signed_in(const std::string& who) {
  inside_->in_transaction([&] {
    SQLite::Statement update(
        *inside_->database,
        "update run set signed_in = iif(signed_in is null, '', signed_in || ', then ') || ? "
        "where run_id = ?");
    Binder(update).text(who).text(inside_->run_id);
    update.exec();
  });
}

void Ledger::finish_run(std::string_view outcome, int exit_code, UtcTime at, const RunCounters& counters) {
  const auto end = standing();
  inside_->in_transaction([&] {
    write_counters(inside_->statements, inside_->run_id, counters);
    SQLite::Statement update(
        *inside_->database,
        "update run set ended_at = ?, outcome = ?, exit_code = ?, tenants = ?, patched = ?, "
        "blocked = ?, failed = ? where run_id = ?");
    Binder(update)
        .text(iso_text(at))
        .text(std::string(outcome))
        .number(exit_code)
        .number(end.tenants)
        .number(end.patched)
        .number(end.blocked)
        .number(end.failed)
        .text(inside_->run_id);
    update.exec();
  });
}

}  // namespace offboard
