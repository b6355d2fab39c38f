#include <catch2/catch.hpp>

#include <algorithm>
#include <stdexcept>

#include "listed_rows.hpp"

namespace offboard::test {
namespace {

constexpr std::size_t k_rows = 100'000;

/// Makes each row when it is asked for, and notes how much had been written before the next one.
class ManyTenants final : public RowSource {
 public:
  explicit ManyTenants(const std::size_t& written_bytes) : written_bytes_(written_bytes) {}

  void for_each_tenant(const std::function<void(const TenantRow&)>& take) const override {
    auto row = patched_tenant();
    for (std::size_t i = 0; i < k_rows; ++i) {
      const auto before = written_bytes_;
      row.note = std::to_string(i);
      take(row);
      if (written_bytes_ <= before) ++held_back;
    }
  }
  void for_each_blocker(const std::function<void(const BlockerRow&)>& /*take*/) const override {}
  void for_each_history(const std::function<void(const HistoryRow&)>& /*take*/) const override {}
  void for_each_run(const std::function<void(const RunRow&)>& /*take*/) const override {}

  mutable std::size_t held_back = 0;

 private:
  const std::size_t& written_bytes_;
};

}  // namespace

TEST_CASE("each of 100,000 rows reaches the sink before the next is asked for, in small pieces") {
  for (const auto format : k_all_formats) {
    std::size_t bytes = 0;
    std::size_t row_pieces = 0;
    std::size_t largest_row_piece = 0;
    const ManyTenants source(bytes);
    write_report(View::tenants, format, source, {"nightly", ""}, [&](std::string_view piece) {
      const bool is_row = piece.find("Fabrikam") != std::string_view::npos;
      if (is_row) largest_row_piece = std::max(largest_row_piece, piece.size());
      if (is_row) ++row_pieces;
      bytes += piece.size();
    });
    CHECK(source.held_back == 0);
    CHECK(row_pieces == k_rows);
    CHECK(largest_row_piece < 1024);
  }
}

TEST_CASE("the same rows give the same bytes") {
  ListedRows rows;
  rows.tenants = {patched_tenant(), tenant_noted("=1"), tenant_noted("é,\n")};
  rows.blockers.resize(3);
  rows.history.resize(3);
  rows.runs.resize(3);
  const ListedRows copy = rows;
  for (const auto view : k_all_views)
    for (const auto format : k_all_formats) CHECK(written(view, format, rows) == written(view, format, copy));
}

TEST_CASE("what the sink throws ends the report") {
  ListedRows rows;
  rows.tenants.resize(3);
  const Sink full = [](std::string_view) { throw std::runtime_error("disk full"); };
  for (const auto format : k_all_formats)
    CHECK_THROWS_WITH(write_report(View::tenants, format, rows, {}, full), "disk full");
}

}  // namespace offboard::test
