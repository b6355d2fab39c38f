#include "partner_center/next_link.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace offboard {
namespace {

constexpr std::string_view k_version = "/v1";

/// Dots and slashes in disguise could lead a server out of the folder that was checked here.
bool has_disguised_path(std::string_view path) {
  return contains_ignoring_case(path, "%2e") || contains_ignoring_case(path, "%2f") ||
         contains_ignoring_case(path, "%5c");
}

bool is_own_path(std::string_view path, const Guid& tenant) {
  const auto list = fmt::format("{}/customers", k_version);
  if (tenant.empty()) return equal_ignoring_case(path, list);
  return starts_with_ignoring_case(path, fmt::format("{}/{}/", list, tenant.text()));
}

}  // namespace

Expected<std::string, std::string> next_page_address(const Url& base, const Guid& tenant,
                                                     std::string_view uri) {
  const bool relative = uri.find("://") == std::string_view::npos && uri.substr(0, 2) != "//";
  const auto reference = relative && uri.substr(0, 1) != "/" ? "/" + std::string(uri) : std::string(uri);
  const auto url = resolve(base, reference);
  if (!url) return failure(std::string("the link to the next page is not an address"));
  if (url->origin() != base.origin()) {
    return failure(
        fmt::format("the link to the next page leads to another host ({})", one_line(url->authority, 100)));
  }
  const auto prefix = base.path == "/" ? std::string() : base.path;
  auto path = url->path;
  if (!prefix.empty() && starts_with_ignoring_case(path, prefix + "/")) path.erase(0, prefix.size());
  if (!starts_with_ignoring_case(path, std::string(k_version) + "/")) path.insert(0, k_version);
  if (!is_own_path(path, tenant) || has_disguised_path(path)) {
    return failure(
        std::string("the link to the next page leads to something else than the pages it stands on"));
  }
  return Url{url->scheme, url->authority, prefix + path, url->query}.text();
}

}  // namespace offboard
