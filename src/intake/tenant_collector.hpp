#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "intake/complaints.hpp"
#include "intake/list_columns.hpp"
#include "intake/problem.hpp"
#include "intake/source_text.hpp"
#include "model/tenant.hpp"

namespace offboard {

/// A value as it stands in the list. An empty text counts as not given.
struct ListCell {
  std::string_view text;
  Place place;
};

struct ListRow {
  Place place;
  std::array<ListCell, k_list_columns> cells;

  [[nodiscard]] ListCell& at(ListColumn column) { return cells[index_of(column)]; }
  [[nodiscard]] const ListCell& at(ListColumn column) const { return cells[index_of(column)]; }
};

/// Takes rows as they stand, from either format; keeps sound tenants once each, and complains about the rest.
class TenantCollector {
 public:
  /// All three must outlive this.
  TenantCollector(const SourceText& source, Complaints& complaints, Notices& notices);

  void add(const ListRow& row);

  /// There are as many as a list may have; the row that found it so was complained about.
  [[nodiscard]] bool is_full() const { return full_; }

  /// Complains if there is no tenant and nothing was wrong either. The collector is empty afterwards.
  [[nodiscard]] TenantList take();

 private:
  /// Compares tenants by their place in the list, so that no GUID is stored twice.
  struct HashOf {
    const TenantList* tenants;
    [[nodiscard]] std::size_t operator()(std::uint32_t index) const {
      return std::hash<Guid>{}((*tenants)[index].tenant_id);
    }
  };
  struct SameTenant {
    const TenantList* tenants;
    [[nodiscard]] bool operator()(std::uint32_t one, std::uint32_t other) const {
      return (*tenants)[one].tenant_id == (*tenants)[other].tenant_id;
    }
  };

  void meet_again(const ListRow& row, const ListedTenant& again, std::uint32_t first);

  const SourceText& source_;
  Complaints& complaints_;
  Notices& notices_;
  TenantList tenants_;
  std::vector<std::size_t> lines_;  // of each tenant
  std::unordered_set<std::uint32_t, HashOf, SameTenant> seen_;
  bool full_ = false;
};

}  // namespace offboard
