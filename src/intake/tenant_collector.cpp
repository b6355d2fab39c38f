#include "intake/tenant_collector.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "base/text.hpp"
#include "intake/limits.hpp"

namespace offboard {
namespace {

constexpr std::string_view k_no_tenant_id = "00000000-0000-0000-0000-000000000000";

/// What is wrong with a tenant id; empty if nothing is.
std::string trouble_with_id(std::string_view text, const std::optional<Guid>& guid) {
  if (text.empty()) return "tenant_id is empty";
  if (!guid) return fmt::format("tenant_id \"{}\" is not a GUID", one_line(text, limits::k_shown));
  if (guid->text() == k_no_tenant_id) return "tenant_id is the GUID of zeros, which is no tenant";
  return {};
}

std::size_t limit_of(ListColumn column) {
  if (column == ListColumn::company_name) return limits::k_company_name;
  return column == ListColumn::domain ? limits::k_domain : limits::k_note;
}

std::string trouble_with_text(ListColumn column, std::string_view text) {
  const auto limit = limit_of(column);
  if (text.size() > limit) return fmt::format("{} is longer than {} bytes", name_of(column), limit);
  const auto control = find_control_character(text, column == ListColumn::note ? "\t\r\n" : "");
  if (control == std::string_view::npos) return {};
  if (text[control] == '\n' || text[control] == '\r')
    return fmt::format("{} has a line end in it", name_of(column));
  return fmt::format("{} has a control character in it ({})", name_of(column),
                     control_character_name(text, control));
}

/// Each line end as one LF, whichever the file has.
std::string unified(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto length = line_end_length(text, at);
    result += length > 0 ? '\n' : text[at];
    at += length > 0 ? length : 1;
  }
  return result;
}

/// The row as a tenant, or nothing if there was something to complain about.
std::optional<ListedTenant> sound_tenant(const ListRow& row, Complaints& complaints) {
  const auto before = complaints.total();
  const auto id_text = trim(row.at(ListColumn::tenant_id).text);
  auto id = Guid::parse(id_text);
  if (auto trouble = trouble_with_id(id_text, id); !trouble.empty())
    complaints.add(row.at(ListColumn::tenant_id).place, std::move(trouble));
  for (const auto column : {ListColumn::company_name, ListColumn::domain, ListColumn::note}) {
    if (auto trouble = trouble_with_text(column, trim(row.at(column).text)); !trouble.empty())
      complaints.add(row.at(column).place, std::move(trouble));
  }
  if (complaints.total() > before) return std::nullopt;
  return ListedTenant{*std::move(id), std::string(trim(row.at(ListColumn::company_name).text)),
                      std::string(trim(row.at(ListColumn::domain).text)),
                      unified(trim(row.at(ListColumn::note).text))};
}

/// The column in which two rows expect something else of the same tenant. Letter case is not compared with
/// the service's answer, and so not here.
std::optional<ListColumn> contradiction(const ListedTenant& one, const ListedTenant& other) {
  if (!equal_ignoring_case(one.company_name, other.company_name)) return ListColumn::company_name;
  if (!equal_ignoring_case(one.domain, other.domain)) return ListColumn::domain;
  return std::nullopt;
}

}  // namespace

TenantCollector::TenantCollector(const SourceText& source, Complaints& complaints, Notices& notices)
    : source_(source), complaints_(complaints), notices_(notices) {}

void TenantCollector::add(const ListRow& row) {
  const auto tenant = sound_tenant(row, complaints_);
  if (!tenant) return;
  if (tenants_->size() == limits::k_tenants) {
    complaints_.add(row.place, fmt::format("the list has more than {} tenants", limits::k_tenants));
    full_ = true;
  } else if (const auto first = tenants_->place_of(tenant->tenant_id)) {
    meet_again(row, *tenant, *first);
  } else {
    tenants_->add(*tenant, row.place.line);
  }
}

void TenantCollector::meet_again(const ListRow& row, const ListedTenant& again, std::size_t first) {
  const auto kept = tenants_->at(first);
  const auto line = tenants_->line_of(first);
  if (const auto column = contradiction(kept, again)) {
    complaints_.add(row.at(ListColumn::tenant_id).place,
                    fmt::format("tenant {} is listed twice with a different {}; first on line {}",
                                kept.tenant_id.text(), name_of(*column), line));
    return;
  }
  const auto* what = kept.note == again.note ? "kept once" : "kept once, with the first note";
  notices_.add(source_.problem(
      row.at(ListColumn::tenant_id).place,
      fmt::format("tenant {} is listed twice; {}; first on line {}", kept.tenant_id.text(), what, line)));
}

std::unique_ptr<ListStore> TenantCollector::take() {
  if (tenants_->size() == 0 && complaints_.none())
    complaints_.add({}, "the list has no tenant; a list without a tenant would withdraw everybody");
  return std::move(tenants_);
}

}  // namespace offboard
