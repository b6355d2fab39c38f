#pragma once
#include <cstddef>
#include <map>
#include <string>

#include "base/clock.hpp"

namespace offboard {

/// Tells a customer's own throttling from the partner's. The service limits per partner tenant and per
/// partner and customer, and does not say which of the two a 429 was: one customer's 429s delay that customer
/// only (the caller sees to that); those of several customers in a short time close this gate for everybody.
/// One owner.
class Gate {
 public:
  static constexpr std::size_t k_several = 3;  // customers
  static constexpr milliseconds k_short_time = std::chrono::seconds(10);

  /// Waits above `long_wait` are counted apart: one customer that is shut out for an hour must not shut out
  /// those who were asked to come back in a second.
  explicit Gate(milliseconds long_wait) : long_wait_(long_wait) {}

  /// A 429 for `customer`, who may come back at `until`.
  void throttled(const std::string& customer, Instant until, Instant now);

  /// Closed for everybody until then; in the past if open.
  [[nodiscard]] Instant opens_at() const { return opens_at_; }
  void close_until(Instant until);

 private:
  struct Refusal {
    Instant at;
    Instant until;
  };
  void close_for_several(bool long_waits);

  milliseconds long_wait_;
  std::map<std::string, Refusal> recent_;
  Instant opens_at_{};
};

}  // namespace offboard
