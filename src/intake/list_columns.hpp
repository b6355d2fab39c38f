#pragma once
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace offboard {

/// What a column of the CSV list, or a key of the YAML list, means.
enum class ListColumn { tenant_id, company_name, domain, note };

inline constexpr std::size_t k_list_columns = 4;
inline constexpr std::array<std::string_view, k_list_columns> k_list_column_names = {
    "tenant_id", "company_name", "domain", "note"};

[[nodiscard]] constexpr std::size_t index_of(ListColumn column) {
  return static_cast<std::size_t>(column);
}
[[nodiscard]] constexpr std::string_view name_of(ListColumn column) {
  return k_list_column_names[index_of(column)];
}

/// By any of the accepted spellings, compared without regard to case, spaces, `-` and `_`.
[[nodiscard]] std::optional<ListColumn> list_column_named(std::string_view header);

}  // namespace offboard
