#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "intake/problem.hpp"
#include "intake/source_text.hpp"
#include "model/tenant.hpp"

namespace offboard {

struct TenantListReading {
  std::unique_ptr<ListedTenants> tenants;  // null: it is the known list
  std::vector<std::string> notices;  // a line each, `FILE:LINE:COLUMN: …`; at most 50 and a count of the rest
  /// The same for the same file with the same content, as this version of the program reads it.
  std::string digest;
};

/// Reads a tenant list, CSV or YAML by its extension. All or nothing: throws InvalidInput with every problem
/// if there is one, and also for a list without a tenant, since that would withdraw everybody. If its digest
/// turns out to be the known one, it is not read any further.
[[nodiscard]] TenantListReading read_tenant_list(const std::filesystem::path& path,
                                                 std::string_view known_digest = {}, Window window = {});

enum class ListFormat { csv, yaml, unknown };

/// By the extension alone, in any letter case.
[[nodiscard]] ListFormat list_format_of(const std::filesystem::path& path);

}  // namespace offboard
