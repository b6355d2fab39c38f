#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>

#include "base/clock.hpp"

namespace offboard {

/// What the service itself says it will still let through, where answers carry that. It only ever holds
/// requests back: no more may be on their way than are left, and none while nothing is.
///
/// It is believed once it has fallen, answer after answer, as only a count of everybody's requests does: a
/// customer's own count begins anew with each customer and falls by no more than one customer's four
/// requests (the caller leaves out what further pages of one customer say), and a number that does not move
/// counts nothing. It is believed anew in each window, so that a wrong one costs one wait, no longer than
/// `longest_hold`. Where the end of the window moves on before it has come (sliding windows and buckets that
/// tell when all would be to be had again), nothing is believed any more: something is to be had much sooner.
/// Pure; one owner, told the time by it.
class Allowance {
 public:
  static constexpr int k_convincing = 8;

  explicit Allowance(milliseconds longest_hold) : longest_hold_(longest_hold) {}

  /// The answer to what was sent then said that `left` more will be let through, and all again after `reset`.
  /// True if it has just become clear that nothing is left.
  [[nodiscard]] bool hear(std::int64_t left, milliseconds reset, Instant sent_at, Instant now);

  /// When the next request may leave, with `in_flight` on their way; not later than now if it may now.
  [[nodiscard]] Instant next_at(Instant now, std::size_t in_flight) const;

 private:
  [[nodiscard]] bool is_believed(Instant now) const;

  milliseconds longest_hold_;
  bool is_countdown_ = true;
  Instant end_{};                                                 // of the window
  std::int64_t left_ = std::numeric_limits<std::int64_t>::max();  // the least heard of in it
  int falls_ = 0;
  Instant holds_until_{};
};

}  // namespace offboard
