#pragma once
#include <cstddef>
#include <optional>
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

using TenantList = std::vector<ListedTenant>;

/// The operator's list, which may be too long to be held as it stands: never empty, each tenant once, in the
/// order of the file. One thread.
class ListedTenants {
 public:
  virtual ~ListedTenants() = default;

  [[nodiscard]] virtual std::size_t size() const = 0;

  /// The tenant at that place, counted from 0. Cheapest one after the other.
  [[nodiscard]] virtual ListedTenant at(std::size_t place) const = 0;

  /// Where a tenant stands; nothing if it is not on the list.
  [[nodiscard]] virtual std::optional<std::size_t> place_of(const Guid& tenant_id) const = 0;
};

}  // namespace offboard
