#pragma once
#include <array>
#include <string_view>

namespace offboard {

/// What a report shows. The words are the contract's.
enum class View {
  tenants,   ///< a row per listed tenant, in list order
  blockers,  ///< a row per blocker
  history,   ///< a row per state change, oldest first
  runs,      ///< a row per check or run
};

enum class Format { csv, json, html };

inline constexpr std::array k_all_views = {View::tenants, View::blockers, View::history, View::runs};
inline constexpr std::array k_all_formats = {Format::csv, Format::json, Format::html};

[[nodiscard]] std::string_view name_of(View view);
[[nodiscard]] std::string_view name_of(Format format);

}  // namespace offboard
