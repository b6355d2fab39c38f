#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

#include "base/defect.hpp"
#include "ledger/inside.hpp"

namespace offboard {
namespace {

struct Known {
  std::int64_t number = 0;
  std::string tenant_id;
  State state = State::pending;
  std::optional<std::int64_t> position;
  std::string company_name, domain, note;
};

/// Tenants. Their changes are written between one page and the next, never under a running query.
constexpr std::int64_t k_page = 1000;

std::vector<Known> known_after(Statements& statements, std::int64_t number) {
  auto& select = statements.of(
      "select number, tenant_id, state, position, company_name, domain, note from tenant "
      "where number > ? order by number limit ?");
  Binder(select).number(number).number(k_page);
  std::vector<Known> page;
  while (select.executeStep()) {
    Columns row(select);
    Known known;
    known.number = row.number();
    known.tenant_id = row.text();
    const auto state = state_named(row.text());
    ensure(state.has_value(), "the schema admits only states of the code");
    known.state = *state;
    known.position = row.number_or_null();
    known.company_name = row.text();
    known.domain = row.text();
    known.note = row.text();
    page.push_back(std::move(known));
  }
  return page;
}

/// What is done at every single new row, done once for many of them: an index that is filled in its own order
/// is written once, and not all over at every row. Within the import's transaction, so that nobody ever meets
/// a ledger without.
class SetAside {
 public:
  explicit SetAside(SQLite::Database& database) : database_(database) {
    for (const std::string name : {"tenant_by_id", "standing_counts_the_new", "list_has_a_row_more",
                                   "tenant_by_position", "tenant_by_turn"}) {
      SQLite::Statement select(database_, "select type, sql from sqlite_schema where name = ?");
      select.bind(1, name);
      // Somebody may have taken it away; verify() says so.
      if (!select.executeStep()) continue;
      Columns row(select);
      const auto type = row.text();
      made_by_.push_back(row.text());
      select.reset();
      database_.exec(fmt::format("drop {} {}", type, name));
    }
  }

  void put_back() {
    for (const auto& sql : made_by_) database_.exec(sql);
    database_.exec(
        "update standing set tenants = 0; insert or replace into standing select state, count(*) from tenant "
        "where (position is not null) = (state <> 'withdrawn') group by state");
  }

 private:
  SQLite::Database& database_;
  std::vector<std::string> made_by_;
};

/// Writes one import.
class Import {
 public:
  Import(Statements& statements, HistoryWriter& history, const RunStart& run)
      : statements_(statements), history_(history), run_(run), at_(iso_text(run.at)) {}

  void add(const ListedTenant& tenant, std::int64_t position) {
    auto& insert = statements_.of(
        "insert into tenant (tenant_id, position, company_name, domain, note, state, run_id) "
        "values (?, ?, ?, ?, ?, 'pending', ?)");
    Binder(insert)
        .kept(tenant.tenant_id.text())
        .number(position)
        .kept(tenant.company_name)
        .kept(tenant.domain)
        .kept(tenant.note)
        .kept(run_.run_id.text());
    insert.exec();
    tell(tenant.tenant_id.text(), "", State::pending, k_reason_listed);
  }

  void keep(const Known& known, const ListedTenant& tenant, std::int64_t position) {
    if (known.position == position && known.company_name == tenant.company_name &&
        known.domain == tenant.domain && known.note == tenant.note)
      return;
    auto& update = statements_.of(
        "update tenant set position = ?, company_name = ?, domain = ?, note = ? where number = ?");
    Binder(update)
        .number(position)
        .text(tenant.company_name)
        .text(tenant.domain)
        .text(tenant.note)
        .number(known.number);
    update.exec();
  }

  void move(const Known& known, State to, std::string_view reason) {
    ensure(is_legal_move(known.state, to), "the import makes legal moves");
    auto& move = statements_.of(
        "update tenant set state = ?, run_id = ?, detail = null, http_status = null, error_code = null, "
        "not_before = null where number = ? and state = ?");
    Binder(move)
        .text(std::string(name_of(to)))
        .text(run_.run_id.text())
        .number(known.number)
        .text(std::string(name_of(known.state)));
    ensure(move.exec() == 1, "a tenant is where the ledger said it was");
    auto& forget_blockers = statements_.of("delete from blocker where tenant = ?");
    Binder(forget_blockers).number(known.number);
    forget_blockers.exec();
    tell(known.tenant_id, name_of(known.state), to, reason);
  }

  void take_off_the_list(const Known& known) {
    auto& forget_place = statements_.of("update tenant set position = null where number = ?");
    Binder(forget_place).number(known.number);
    forget_place.exec();
  }

 private:
  void tell(const std::string& tenant_id, std::string_view from, State to, std::string_view reason) {
    HistoryRow row;
    row.at = at_;
    row.run_id = run_.run_id.text();
    row.tenant_id = tenant_id;
    row.from_state = from;
    row.to_state = name_of(to);
    row.reason = reason;
    history_.append(std::move(row));
  }

  Statements& statements_;
  HistoryWriter& history_;
  const RunStart& run_;
  std::string at_;
};

/// One that is on the list.
void begin_again(Import& import, const Known& known, FailedTenants failed) {
  if (known.state == State::withdrawn) {
    import.move(known, State::pending, k_reason_listed_again);
  } else if (known.state == State::failed && failed == FailedTenants::retry) {
    import.move(known, State::pending, k_reason_retry_failed);
  }
}

void withdraw(Import& import, const Known& known) {
  import.take_off_the_list(known);
  if (known.state != State::patched) import.move(known, State::withdrawn, k_reason_off_the_list);
}

}  // namespace

ImportCounts import_list(SQLite::Database& database, Statements& statements, HistoryWriter& history,
                         const RunStart& run, const ListedTenants& list, FailedTenants failed) {
  Import import(statements, history, run);
  ImportCounts counts;
  counts.listed = static_cast<std::int64_t>(list.size());
  std::vector<bool> is_known(list.size());
  std::size_t known_ones = 0;
  for (auto page = known_after(statements, std::numeric_limits<std::int64_t>::min()); !page.empty();
       page = known_after(statements, page.back().number)) {
    for (const auto& known : page) {
      ++known_ones;
      const auto tenant_id = Guid::parse(known.tenant_id);
      const auto place = tenant_id ? list.place_of(*tenant_id) : std::nullopt;
      if (place) {
        is_known[*place] = true;
        import.keep(known, list.at(*place), static_cast<std::int64_t>(*place) + 1);
        begin_again(import, known, failed);
      } else if (known.position) {
        ++counts.withdrawn;
        withdraw(import, known);
      }
    }
  }
  const auto added = static_cast<std::size_t>(std::count(is_known.begin(), is_known.end(), false));
  counts.added = static_cast<std::int64_t>(added);
  std::optional<SetAside> set_aside;
  if (added > known_ones / 4) set_aside.emplace(database);
  for (std::size_t place = 0; place < list.size(); ++place) {
    if (!is_known[place]) import.add(list.at(place), static_cast<std::int64_t>(place) + 1);
  }
  if (set_aside) set_aside->put_back();
  return counts;
}

ImportCounts keep_list(Statements& statements, HistoryWriter& history, const RunStart& run,
                       FailedTenants failed) {
  Import import(statements, history, run);
  auto& select = statements.of(
      "select number, tenant_id, state from tenant "
      "where position is not null and (state = 'failed' or state = 'withdrawn') order by position");
  select.reset();
  std::vector<Known> finished;
  while (select.executeStep()) {
    Columns row(select);
    Known known;
    known.number = row.number();
    known.tenant_id = row.text();
    known.state = state_named(row.text()).value();
    finished.push_back(std::move(known));
  }
  for (const auto& known : finished) begin_again(import, known, failed);
  auto& count = statements.of("select sum(tenants) from standing where state <> 'withdrawn'");
  count.reset();
  count.executeStep();
  ImportCounts counts;
  counts.listed = count.getColumn(0).getInt64();
  count.reset();
  return counts;
}

}  // namespace offboard
