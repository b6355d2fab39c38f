#pragma once
#include <algorithm>
#include <model/tenant.hpp>
#include <utility>

namespace offboard::test {

/// A short list, as a test writes it down.
class ListedInMemory final : public ListedTenants {
 public:
  explicit ListedInMemory(TenantList tenants) : tenants_(std::move(tenants)) {}

  [[nodiscard]] std::size_t size() const override { return tenants_.size(); }
  [[nodiscard]] ListedTenant at(std::size_t place) const override { return tenants_[place]; }
  [[nodiscard]] std::optional<std::size_t> place_of(const Guid& tenant_id) const override {
    const auto found = std::find_if(tenants_.begin(), tenants_.end(),
                                    [&](const auto& tenant) { return tenant.tenant_id == tenant_id; });
    if (found == tenants_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - tenants_.begin());
  }

 private:
  TenantList tenants_;
};

/// As one that can hold it reads it.
inline TenantList whole(const ListedTenants& listed) {
  TenantList tenants;
  for (std::size_t place = 0; place < listed.size(); ++place) tenants.push_back(listed.at(place));
  return tenants;
}

}  // namespace offboard::test
