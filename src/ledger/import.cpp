#include <fmt/format.h>

#include <unordered_map>
#include <unordered_set>

#include "base/defect.hpp"
#include "ledger/inside.hpp"

namespace offboard {
namespace {

struct Known {
  std::int64_t number;
  State state;
  std::optional<std::int64_t> position;
};

std::unordered_map<std::string, Known> known_tenants(SQLite::Database& database) {
  std::unordered_map<std::string, Known> known;
  SQLite::Statement select(database, "select tenant_id, number, state, position from tenant");
  while (select.executeStep()) {
    Columns row(select);
    const auto id = row.text();
    const auto number = row.number();
    const auto state = state_named(row.text());
    ensure(state.has_value(), "the schema admits only states of the code");
    known.emplace(id, Known{number, *state, row.number_or_null()});
  }
  return known;
}

/// Writes one import. An object because its statements are prepared once for a list of any length.
class Import {
 public:
  Import(SQLite::Database& database, HistoryWriter& history, const RunStart& run)
      : history_(history),
        run_(run),
        insert_(database,
                "insert into tenant (tenant_id, position, company_name, domain, note, state, run_id) "
                "values (?, ?, ?, ?, ?, 'pending', ?)"),
        update_(database,
                "update tenant set position = ?, company_name = ?, domain = ?, note = ? where number = ?"),
        move_(
            database,
            "update tenant set state = ?, run_id = ?, detail = null, http_status = null, error_code = null, "
            "not_before = null where number = ? and state = ?"),
        forget_place_(database, "update tenant set position = null where number = ?"),
        forget_blockers_(database, "delete from blocker where tenant = ?") {}

  void add(const ListedTenant& tenant, std::int64_t position) {
    Binder(insert_)
        .text(tenant.tenant_id.text())
        .number(position)
        .text(tenant.company_name)
        .text(tenant.domain)
        .text(tenant.note)
        .text(run_.run_id.text());
    insert_.exec();
    tell(tenant.tenant_id.text(), "", State::pending, k_reason_listed);
  }

  void keep(const ListedTenant& tenant, std::int64_t position, std::int64_t number) {
    Binder(update_)
        .number(position)
        .text(tenant.company_name)
        .text(tenant.domain)
        .text(tenant.note)
        .number(number);
    update_.exec();
  }

  void move(const std::string& tenant_id, const Known& known, State to, std::string_view reason) {
    ensure(is_legal_move(known.state, to), "the import makes legal moves");
    Binder(move_)
        .text(std::string(name_of(to)))
        .text(run_.run_id.text())
        .number(known.number)
        .text(std::string(name_of(known.state)));
    ensure(move_.exec() == 1, "a tenant is where the ledger said it was");
    Binder(forget_blockers_).number(known.number);
    forget_blockers_.exec();
    tell(tenant_id, name_of(known.state), to, reason);
  }

  void take_off_the_list(const Known& known) {
    Binder(forget_place_).number(known.number);
    forget_place_.exec();
  }

 private:
  void tell(const std::string& tenant_id, std::string_view from, State to, std::string_view reason) {
    HistoryRow row;
    row.at = iso_text(run_.at);
    row.run_id = run_.run_id.text();
    row.tenant_id = tenant_id;
    row.from_state = from;
    row.to_state = name_of(to);
    row.reason = reason;
    history_.append(std::move(row));
  }

  HistoryWriter& history_;
  const RunStart& run_;
  SQLite::Statement insert_;
  SQLite::Statement update_;
  SQLite::Statement move_;
  SQLite::Statement forget_place_;
  SQLite::Statement forget_blockers_;
};

}  // namespace

ImportCounts import_list(SQLite::Database& database, HistoryWriter& history, const RunStart& run,
                         const TenantList& list, FailedTenants failed) {
  const auto known = known_tenants(database);
  Import import(database, history, run);
  ImportCounts counts;
  std::unordered_set<std::string_view> listed;
  for (const auto& tenant : list) {
    const auto position = ++counts.listed;
    listed.insert(tenant.tenant_id.text());
    const auto found = known.find(tenant.tenant_id.text());
    if (found == known.end()) {
      ++counts.added;
      import.add(tenant, position);
      continue;
    }
    import.keep(tenant, position, found->second.number);
    if (found->second.state == State::withdrawn) {
      import.move(found->first, found->second, State::pending, k_reason_listed_again);
    } else if (found->second.state == State::failed && failed == FailedTenants::retry) {
      import.move(found->first, found->second, State::pending, k_reason_retry_failed);
    }
  }
  for (const auto& [tenant_id, tenant] : known) {
    if (!tenant.position || listed.count(tenant_id) != 0) continue;
    ++counts.withdrawn;
    import.take_off_the_list(tenant);
    if (tenant.state != State::patched)
      import.move(tenant_id, tenant, State::withdrawn, k_reason_off_the_list);
  }
  return counts;
}

}  // namespace offboard
