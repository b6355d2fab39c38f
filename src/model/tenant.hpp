#pragma once
#include <string>
#include <vector>

#include "base/guid.hpp"

namespace offboard {

/// One row of the operator's list. Texts are trimmed; empty means "not given".
struct ListedTenant {
  Guid tenant_id;
  std::string company_name;  // expected; compared with the service's
  std::string domain;        // expected
  std::string note;          // carried through to the reports

  friend bool operator==(const ListedTenant&, const ListedTenant&) = default;
};

/// Never empty, each tenant once, in the order of the file.
using TenantList = std::vector<ListedTenant>;

}  // namespace offboard
