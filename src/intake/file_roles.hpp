#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "intake/complaints.hpp"

namespace offboard {

/// Who uses which file. A report written over the ledger, or over the tenant list, would be the end of it.
class FileRoles {
 public:
  /// The place is where the file is named.
  void add(const std::string& name, const std::filesystem::path& path, const Place& place);

  /// Complains about each file that has a role already, in the order of the job file. Symbolic links count as
  /// what they lead to.
  void check(Complaints& complaints);

 private:
  struct Role {
    std::string name;
    std::filesystem::path path;
    Place place;
  };
  std::vector<Role> roles_;
};

}  // namespace offboard
