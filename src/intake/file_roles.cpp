#include "intake/file_roles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <system_error>

namespace offboard {
namespace {

namespace fs = std::filesystem;

/// Without symbolic links, as far as the file exists.
fs::path one_spelling(const fs::path& path) {
  std::error_code error;
  const auto absolute = fs::absolute(path, error);
  if (error) return path.lexically_normal();
  auto result = fs::weakly_canonical(absolute, error);
  return error ? absolute.lexically_normal() : result;
}

}  // namespace

void FileRoles::add(const std::string& name, const fs::path& path, const Place& place) {
  roles_.push_back({name, one_spelling(path), place});
}

void FileRoles::check(Complaints& complaints) {
  std::stable_sort(roles_.begin(), roles_.end(),
                   [](const Role& one, const Role& other) { return one.place.offset < other.place.offset; });
  std::map<fs::path, std::string> taken;
  for (const auto& role : roles_) {
    const auto [found, is_new] = taken.try_emplace(role.path, role.name);
    if (!is_new)
      complaints.add(role.place, fmt::format("{} and {} are the same file", role.name, found->second));
  }
}

}  // namespace offboard
