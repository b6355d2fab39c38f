#include "report/view.hpp"

#include <algorithm>

namespace offboard {
namespace {

template <typename Enum, std::size_t Count>
std::optional<Enum> find_named(const std::array<Enum, Count>& all, std::string_view name) {
  const auto found = std::find_if(all.begin(), all.end(), [&](Enum one) { return name_of(one) == name; });
  return found == all.end() ? std::nullopt : std::optional(*found);
}

}  // namespace

std::string_view name_of(View view) {
  switch (view) {
    case View::tenants: return "tenants";
    case View::blockers: return "blockers";
    case View::history: return "history";
    case View::runs: return "runs";
  }
  return "";
}

std::optional<View> view_named(std::string_view name) {
  return find_named(k_all_views, name);
}

std::string_view name_of(Format format) {
  switch (format) {
    case Format::csv: return "csv";
    case Format::json: return "json";
    case Format::html: return "html";
  }
  return "";
}

std::optional<Format> format_named(std::string_view name) {
  return find_named(k_all_formats, name);
}

}  // namespace offboard
