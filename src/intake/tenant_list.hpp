#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "intake/problem.hpp"
#include "model/tenant.hpp"

namespace offboard {

struct TenantListReading {
  TenantList tenants;
  std::vector<std::string> notices;  // a line each, `FILE:LINE:COLUMN: …`; at most 50 and a count of the rest
};

/// Reads a tenant list, CSV or YAML by its extension. All or nothing: throws InvalidInput with every problem
/// if there is one, and also for a list without a tenant, since that would withdraw everybody.
[[nodiscard]] TenantListReading read_tenant_list(const std::filesystem::path& path);

enum class ListFormat { csv, yaml, unknown };

/// By the extension alone, in any letter case.
[[nodiscard]] ListFormat list_format_of(const std::filesystem::path& path);

}  // namespace offboard
