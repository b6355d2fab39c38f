#pragma once
#include <array>
#include <cstddef>
#include <memory>
#include <string_view>

#include "intake/complaints.hpp"
#include "intake/list_columns.hpp"
#include "intake/list_store.hpp"
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

  /// Complains if there is no tenant and nothing was wrong either.
  [[nodiscard]] std::unique_ptr<ListStore> take();

 private:
  void meet_again(const ListRow& row, const ListedTenant& again, std::size_t first);

  const SourceText& source_;
  Complaints& complaints_;
  Notices& notices_;
  std::unique_ptr<ListStore> tenants_ = std::make_unique<ListStore>();
  bool full_ = false;
};

}  // namespace offboard
