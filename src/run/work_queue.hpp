#pragma once
#include <bitset>
#include <cstdint>
#include <deque>
#include <unordered_map>

#include "ledger/ledger.hpp"

namespace offboard {

/// Whom a run takes up, in the ledger's order, each once. Holds a page of them, however many there are.
class WorkQueue {
 public:
  explicit WorkQueue(const Ledger& ledger) : ledger_(ledger) {}

  /// Counts what there is to do, and reads the first page.
  void open();

  [[nodiscard]] std::int64_t to_do() const { return at_start_.listed + at_start_.withdrawn; }

  /// Who comes next, or null. The ledger must not be behind on anybody who was taken up.
  [[nodiscard]] const Work* next() const { return page_.empty() ? nullptr : &page_.front(); }

  /// Takes that one.
  [[nodiscard]] Work take();

  /// Takes somebody on the list who is not next. False: it was taken up before.
  [[nodiscard]] bool take_out_of_turn(std::int64_t number);

  /// On the list and not taken up.
  [[nodiscard]] std::int64_t listed_left() const { return at_start_.listed - listed_taken_; }

 private:
  /// Numbers, in blocks: a bit for each tenant of a million, and for numbers that lie far apart as well.
  class Numbers {
   public:
    /// False if it was there.
    bool add(std::int64_t number);

   private:
    static constexpr std::size_t k_block = 65'536;
    std::unordered_map<std::uint64_t, std::bitset<k_block>> blocks_;
  };

  void read_page();

  const Ledger& ledger_;
  WorkCount at_start_;
  std::int64_t listed_taken_ = 0;
  std::deque<Work> page_;
  WorkPlace last_;
  bool at_end_ = false;
  Numbers seen_;
};

}  // namespace offboard
