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
enum class ThrottledCalls { all, reads, removals };

/// How every answer tells what is left, if at all.
enum class QuotaHeaders {
  none,
  structured,  ///< RateLimit: "default";r=50;t=30
  dictionary,  ///< RateLimit: limit=100, remaining=50, reset=30, as an earlier draft had it
  pair,        ///< RateLimit-Remaining and -Reset
  epoch        ///< X-RateLimit-Remaining and -Reset, the latter in seconds since 1970
};

struct ThrottleRule {
  ThrottleScope scope = ThrottleScope::partner;
  ThrottledCalls calls = ThrottledCalls::all;
  ThrottleModel model = ThrottleModel::sliding_window;
  int limit = 500;  // calls per window; for a bucket, tokens gained per `per`
  milliseconds per = seconds(60);
  int burst = 0;  // size of the bucket; 0 means `limit`
  RefusedCalls refused_calls = RefusedCalls::do_not_count;
  RetryAfterForm retry_after = RetryAfterForm::seconds;
  ThrottleBody body = ThrottleBody::gateway;
  QuotaHeaders headers = QuotaHeaders::none;
};

/// Counts the calls of one caller under one rule.
class Meter {
 public:
  virtual ~Meter() = default;
  /// How long until a call would be let in; zero: now.
  [[nodiscard]] virtual milliseconds wait(UtcTime now) = 0;
  virtual void count(UtcTime now) = 0;
  /// How many calls would be let in now, and how long until as many as ever would be.
  [[nodiscard]] virtual int left(UtcTime now) = 0;
  [[nodiscard]] virtual milliseconds until_all(UtcTime now) = 0;
};

[[nodiscard]] std::unique_ptr<Meter> make_meter(const ThrottleRule& rule);

struct ThrottleRefusal {
  ThrottleRule rule;
  milliseconds wait{};
};

/// What one rule still allows.
struct QuotaLeft {
  ThrottleRule rule;
  int calls = 0;
  milliseconds until_all{};
};

/// All rules together: a call passes if every one lets it.
class Turnstile {
 public:
  explicit Turnstile(const std::vector<ThrottleRule>& rules);
  /// Nothing if the call may pass; else the rule that asks for the longest wait. `customer` may be empty:
  /// then only the rules for the whole partner apply. `calls`: what it is.
  [[nodiscard]] std::optional<ThrottleRefusal> admit(const std::string& customer, UtcTime now,
                                                     ThrottledCalls calls = ThrottledCalls::reads);
  /// By every rule that says so in its answers.
  [[nodiscard]] std::vector<QuotaLeft> left(const std::string& customer, UtcTime now,
                                            ThrottledCalls calls = ThrottledCalls::reads);

 private:
  struct Gate {
    ThrottleRule rule;
    std::map<std::string, std::unique_ptr<Meter>> meters;
  };
  [[nodiscard]] static Meter* meter_for(Gate& gate, const std::string& customer, ThrottledCalls calls);
  std::vector<Gate> gates_;
};

}  // namespace offboard::simulator
