#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace offboard::simulator {

enum class ThrottleScope { partner, customer };
enum class ThrottleModel { fixed_window, sliding_window, token_bucket };
enum class RetryAfterForm { seconds, date, none };
enum class RefusedCalls { count, do_not_count };
enum class ThrottleBody { gateway, empty };

struct ThrottleRule {
  ThrottleScope scope = ThrottleScope::partner;
  ThrottleModel model = ThrottleModel::sliding_window;
  int limit = 500;  // calls per window; for a bucket, tokens gained per `per`
  milliseconds per = seconds(60);
  int burst = 0;  // size of the bucket; 0 means `limit`
  RefusedCalls refused_calls = RefusedCalls::do_not_count;
  RetryAfterForm retry_after = RetryAfterForm::seconds;
  ThrottleBody body = ThrottleBody::gateway;
};

/// Counts the calls of one caller under one rule.
class Meter {
 public:
  virtual ~Meter() = default;
  /// How long until a call would be let in; zero: now.
  [[nodiscard]] virtual milliseconds wait(UtcTime now) = 0;
  virtual void count(UtcTime now) = 0;
};

[[nodiscard]] std::unique_ptr<Meter> make_meter(const ThrottleRule& rule);

struct ThrottleRefusal {
  ThrottleRule rule;
  milliseconds wait{};
};

/// All rules together: a call passes if every one lets it.
class Turnstile {
 public:
  explicit Turnstile(const std::vector<ThrottleRule>& rules);
  /// Nothing if the call may pass; else the rule that asks for the longest wait. `customer` may be empty:
  /// then only the rules for the whole partner apply.
  [[nodiscard]] std::optional<ThrottleRefusal> admit(const std::string& customer, UtcTime now);

 private:
  struct Gate {
    ThrottleRule rule;
    std::map<std::string, std::unique_ptr<Meter>> meters;
  };
  [[nodiscard]] static Meter* meter_for(Gate& gate, const std::string& customer);
  std::vector<Gate> gates_;
};

}  // namespace offboard::simulator
