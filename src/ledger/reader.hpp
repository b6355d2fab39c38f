#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ledger/ledger.hpp"
#include "model/report_rows.hpp"

namespace offboard {

struct HistoryEnd {
  std::int64_t rows = 0;
  std::string hash;
};

/// A consistent view of a ledger as it was when the reader was made, also while a run goes on writing. Reads
/// only. Throws MachineTrouble. One thread.
class LedgerReader final : public RowSource {
 public:
  explicit LedgerReader(const std::filesystem::path& file);
  ~LedgerReader() override;

  void for_each_tenant(const RowTaker<TenantRow>& take) const override;  // on the list, in its order
  void for_each_blocker(
      const RowTaker<BlockerRow>& take) const override;  // of listed, blocked tenants, in list order
  void for_each_history(const RowTaker<HistoryRow>& take) const override;  // oldest first
  void for_each_run(const RowTaker<RunRow>& take) const override;          // oldest first

  /// The last so many, newest first.
  [[nodiscard]] std::vector<RunRow> last_runs(std::int64_t at_most) const;

  /// Every state with the number of its tenants, in the order of the states, zeros included. `withdrawn`
  /// counts those off the list, the others those on it.
  [[nodiscard]] std::vector<std::pair<std::string, std::int64_t>> counts_by_state() const;

  /// Which list was taken over last.
  [[nodiscard]] ListRecord list_record() const;

  /// What was learned of the service's quota, if anything was.
  [[nodiscard]] std::optional<PaceRecord> pace() const;

  /// How long the history is, and the hash of its last row, by the ledger's own word.
  [[nodiscard]] HistoryEnd history_end() const;

  /// Why the history cannot be trusted, as sentences; empty if it is whole and unaltered: no gap, the chain
  /// holds, ends where the ledger says, its moves are legal and join up, and lead each tenant to where it
  /// stands now.
  [[nodiscard]] std::vector<std::string> verify() const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace offboard
