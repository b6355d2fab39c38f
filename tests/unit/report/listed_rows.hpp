#pragma once
#include <string>
#include <vector>

#include "report/write.hpp"

namespace offboard::test {

/// A snapshot that holds the rows a test gives it.
class ListedRows final : public RowSource {
 public:
  std::vector<TenantRow> tenants;
  std::vector<BlockerRow> blockers;
  std::vector<HistoryRow> history;
  std::vector<RunRow> runs;

  void for_each_tenant(const std::function<void(const TenantRow&)>& take) const override {
    for (const auto& row : tenants) take(row);
  }
  void for_each_blocker(const std::function<void(const BlockerRow&)>& take) const override {
    for (const auto& row : blockers) take(row);
  }
  void for_each_history(const std::function<void(const HistoryRow&)>& take) const override {
    for (const auto& row : history) take(row);
  }
  void for_each_run(const std::function<void(const RunRow&)>& take) const override {
    for (const auto& row : runs) take(row);
  }
};

inline std::string written(View view, Format format, const RowSource& rows,
                           const Heading& heading = {"nightly", ""}) {
  std::string text;
  write_report(view, format, rows, heading, [&](std::string_view piece) { text += piece; });
  return text;
}

inline TenantRow patched_tenant() {
  TenantRow row;
  row.tenant_id = "11111111-1111-1111-1111-111111111111";
  row.company_name = "Fabrikam, Inc.";
  row.domain = "fabrikam.onmicrosoft.com";
  row.state = "patched";
  row.checked_at = "2026-11-23T01:38:07.123Z";
  row.patched_at = "2026-11-23T01:38:09.456Z";
  row.attempts = 1;
  row.http_status = 200;
  row.request_id = "22222222-2222-2222-2222-222222222222";
  row.correlation_id = "33333333-3333-3333-3333-333333333333";
  row.run_id = "run-1";
  row.note = "CHG-42";
  return row;
}

inline TenantRow tenant_noted(std::string note) {
  TenantRow row;
  row.tenant_id = "t";
  row.note = std::move(note);
  return row;
}

}  // namespace offboard::test
