#include <SQLiteCpp/SQLiteCpp.h>

#include "ledger/inside.hpp"

namespace offboard {
namespace {

/// schema/004_a_million_tenants.sql says what each turn is.
constexpr int k_last_turn = 4;

std::optional<Guid> guid_or_none(const std::string& text) {
  return text.empty() ? std::nullopt : Guid::parse(text);
}

std::int64_t size_of(const std::vector<Work>& page) {
  return static_cast<std::int64_t>(page.size());
}

constexpr const char* k_work =
    "select turn, ifnull(position, 0), number, tenant_id, company_name, domain, note, state, attempts, "
    "open_request_id, open_correlation_id, not_before, not_before_noted_at, full_check_at, full_check_terms "
    "from tenant ";

/// A row of k_work.
Work read_work(SQLite::Statement& select) {
  Columns row(select);
  Work work;
  work.place.turn = static_cast<int>(row.number());
  work.place.position = row.number();
  work.number = work.place.number = row.number();
  const auto tenant_id = Guid::parse(row.text());
  ensure(tenant_id.has_value(), "the ledger holds GUIDs");
  work.listed = {*tenant_id, row.text(), row.text(), row.text()};
  const auto state = state_named(row.text());
  ensure(state.has_value(), "the schema admits only states of the code");
  work.state = *state;
  work.attempts = row.number();
  const auto request_id = guid_or_none(row.text());
  const auto correlation_id = guid_or_none(row.text());
  if (request_id && correlation_id) work.open_patch = OpenPatch{*request_id, *correlation_id};
  const auto until = parse_iso(row.text());
  const auto noted_at = parse_iso(row.text());
  if (until) work.wait = Wait{noted_at.value_or(UtcTime{}), *until};
  const auto full_check_at = parse_iso(row.text());
  auto terms = row.text();
  if (full_check_at && !terms.empty()) work.full_check = FullCheck{*full_check_at, std::move(terms)};
  return work;
}

}  // namespace

std::vector<Work> Ledger::work(WorkPlace after, std::int64_t at_most) const {
  return inside_->guarded([&] {
    std::vector<Work> page;
    auto& select = inside_->statements.of(
        std::string(k_work) +
        "where turn = ?1 and ifnull(position, 0) >= ?2 and (ifnull(position, 0), number) > (?2, ?3) "
        "order by ifnull(position, 0), number limit ?4");
    while (after.turn <= k_last_turn) {
      Binder(select)
          .number(after.turn)
          .number(after.position)
          .number(after.number)
          .number(at_most - size_of(page));
      while (select.executeStep()) page.push_back(read_work(select));
      if (size_of(page) == at_most) break;
      after = {after.turn + 1, 0, 0};
    }
    select.reset();
    return page;
  });
}

WorkCount Ledger::work_count() const {
  return inside_->guarded([&] {
    const auto now = standing();
    auto& select =
        inside_->statements.of("select count(*) from tenant where turn = 0 and state = 'withdrawn'");
    select.reset();
    select.executeStep();
    const WorkCount count{now.pending + now.checked + now.blocked + now.ready + now.patching,
                          select.getColumn(0).getInt64()};
    select.reset();
    return count;
  });
}

std::optional<Work> Ledger::untroubled_work_of(const Guid& tenant_id) const {
  return inside_->guarded([&]() -> std::optional<Work> {
    auto& select = inside_->statements.of(
        std::string(k_work) + "where tenant_id = ? and (turn = 1 or turn = 3) and not_before is null");
    Binder(select).text(tenant_id.text());
    auto found = select.executeStep() ? std::optional(read_work(select)) : std::nullopt;
    select.reset();
    return found;
  });
}

std::vector<Blocker> Ledger::blockers_of(std::int64_t number) const {
  return inside_->guarded([&] {
    std::vector<Blocker> blockers;
    auto& select = inside_->statements.of(
        "select code, object_id, object_name, object_status, what_to_do, side from blocker "
        "where tenant = ? order by ordinal");
    Binder(select).number(number);
    while (select.executeStep()) {
      Columns row(select);
      const auto code = blocker_code_named(row.text());
      ensure(code.has_value(), "the schema admits only blocker codes of the code");
      blockers.push_back({*code, row.text(), row.text(), row.text(), row.text(), side_named(row.text())});
    }
    return blockers;
  });
}

}  // namespace offboard
