#pragma once
#include <map>
#include <optional>
#include <string>

#include "simulator/log.hpp"
#include "simulator/throttle.hpp"

namespace offboard::simulator {

/// Remembers which Retry-After was given to whom, to notice those who do not wait for it.
class RetryPromises {
 public:
  /// A 429 of this scope was given to a request for this customer. A `retry_after` that is neither a number
  /// of seconds nor a date promises nothing.
  void note(const std::string& customer, ThrottleScope scope, UtcTime now, const std::string& retry_after);
  /// Whether a request for this customer, now, is too early.
  [[nodiscard]] std::optional<Early> early(const std::string& customer, UtcTime now);

 private:
  struct Promise {
    UtcTime given;
    UtcTime until;
  };
  std::map<std::string, Promise> customers_;
  std::optional<Promise> partner_;
};

}  // namespace offboard::simulator
