#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "model/report_rows.hpp"
#include "report/cell.hpp"

namespace offboard::table {

/// A column: its name in every format, and which member of the row it shows.
template <typename Row>
class Column {
 public:
  constexpr Column(std::string_view name, std::string Row::*text, Kind kind = Kind::text)
      : head_{name, kind}, member_(text) {}
  constexpr Column(std::string_view name, std::int64_t Row::*number)
      : head_{name, Kind::number}, member_(number) {}
  constexpr Column(std::string_view name, std::optional<std::int64_t> Row::*number)
      : head_{name, Kind::number}, member_(number) {}

  [[nodiscard]] constexpr const Head& head() const { return head_; }

  /// The cell may show the row's own text, which must outlive its use.
  void show(const Row& row, Cell& cell) const {
    cell.head = head_;
    std::visit([&](auto member) { put(row.*member, cell); }, member_);
  }

 private:
  static void put(const std::string& text, Cell& cell) {
    if (text.empty()) {
      cell.value = std::monostate();
    } else if (is_sound(text)) {
      cell.value = std::string_view(text);
    } else {
      cell.mended = sound_text(text);
      cell.value = std::string_view(cell.mended);
    }
  }
  static void put(std::int64_t number, Cell& cell) { cell.value = number; }
  static void put(const std::optional<std::int64_t>& number, Cell& cell) {
    cell.value = number ? Value(*number) : Value();
  }

  Head head_;
  std::variant<std::string Row::*, std::int64_t Row::*, std::optional<std::int64_t> Row::*> member_;
};

/// The contract's columns, in its order. The one place where they are written down.
inline constexpr std::array k_tenant_columns = {
    Column<TenantRow>("tenant_id", &TenantRow::tenant_id),
    Column<TenantRow>("company_name", &TenantRow::company_name),
    Column<TenantRow>("domain", &TenantRow::domain),
    Column<TenantRow>("state", &TenantRow::state, Kind::state),
    Column<TenantRow>("blockers", &TenantRow::blockers),
    Column<TenantRow>("detail", &TenantRow::detail),
    Column<TenantRow>("checked_at", &TenantRow::checked_at),
    Column<TenantRow>("patched_at", &TenantRow::patched_at),
    Column<TenantRow>("attempts", &TenantRow::attempts),
    Column<TenantRow>("http_status", &TenantRow::http_status),
    Column<TenantRow>("error_code", &TenantRow::error_code),
    Column<TenantRow>("request_id", &TenantRow::request_id),
    Column<TenantRow>("correlation_id", &TenantRow::correlation_id),
    Column<TenantRow>("run_id", &TenantRow::run_id),
    Column<TenantRow>("note", &TenantRow::note),
};

inline constexpr std::array k_blocker_columns = {
    Column<BlockerRow>("tenant_id", &BlockerRow::tenant_id),
    Column<BlockerRow>("company_name", &BlockerRow::company_name),
    Column<BlockerRow>("domain", &BlockerRow::domain),
    Column<BlockerRow>("code", &BlockerRow::code),
    Column<BlockerRow>("object_id", &BlockerRow::object_id),
    Column<BlockerRow>("object_name", &BlockerRow::object_name),
    Column<BlockerRow>("object_status", &BlockerRow::object_status),
    Column<BlockerRow>("what_to_do", &BlockerRow::what_to_do),
    Column<BlockerRow>("since", &BlockerRow::since),
};

inline constexpr std::array k_history_columns = {
    Column<HistoryRow>("seq", &HistoryRow::seq),
    Column<HistoryRow>("at", &HistoryRow::at),
    Column<HistoryRow>("run_id", &HistoryRow::run_id),
    Column<HistoryRow>("tenant_id", &HistoryRow::tenant_id),
    Column<HistoryRow>("from_state", &HistoryRow::from_state, Kind::state),
    Column<HistoryRow>("to_state", &HistoryRow::to_state, Kind::state),
    Column<HistoryRow>("reason", &HistoryRow::reason),
    Column<HistoryRow>("http_status", &HistoryRow::http_status),
    Column<HistoryRow>("error_code", &HistoryRow::error_code),
    Column<HistoryRow>("request_id", &HistoryRow::request_id),
    Column<HistoryRow>("correlation_id", &HistoryRow::correlation_id),
    Column<HistoryRow>("hash", &HistoryRow::hash),
};

inline constexpr std::array k_run_columns = {
    Column<RunRow>("run_id", &RunRow::run_id),
    Column<RunRow>("command", &RunRow::command),
    Column<RunRow>("started_at", &RunRow::started_at),
    Column<RunRow>("ended_at", &RunRow::ended_at),
    Column<RunRow>("outcome", &RunRow::outcome),
    Column<RunRow>("exit_code", &RunRow::exit_code),
    Column<RunRow>("tenants", &RunRow::tenants),
    Column<RunRow>("patched", &RunRow::patched),
    Column<RunRow>("blocked", &RunRow::blocked),
    Column<RunRow>("failed", &RunRow::failed),
    Column<RunRow>("requests", &RunRow::requests),
    Column<RunRow>("throttled", &RunRow::throttled),
    Column<RunRow>("version", &RunRow::version),
    Column<RunRow>("user", &RunRow::user),
    Column<RunRow>("host", &RunRow::host),
};

}  // namespace offboard::table
