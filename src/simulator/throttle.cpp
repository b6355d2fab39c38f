#include "simulator/throttle.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <utility>

namespace offboard::simulator {
namespace {

/// The first call starts the first window; the others follow without a gap.
class FixedWindow final : public Meter {
 public:
  explicit FixedWindow(const ThrottleRule& rule) : limit_(rule.limit), per_(rule.per) {}

  milliseconds wait(UtcTime now) override {
    move_to(now);
    return taken_ < limit_ ? milliseconds(0) : *start_ + per_ - now;
  }
  void count(UtcTime now) override {
    move_to(now);
    ++taken_;
  }
  int left(UtcTime now) override {
    move_to(now);
    return std::max(0, limit_ - taken_);
  }
  milliseconds until_all(UtcTime now) override {
    move_to(now);
    return *start_ + per_ - now;
  }

 private:
  void move_to(UtcTime now) {
    if (!start_) start_ = now;
    if (now - *start_ < per_) return;
    *start_ += per_ * ((now - *start_) / per_);
    taken_ = 0;
  }
  int limit_;
  milliseconds per_;
  std::optional<UtcTime> start_;
  int taken_ = 0;
};

class SlidingWindow final : public Meter {
 public:
  explicit SlidingWindow(const ThrottleRule& rule)
      : limit_(static_cast<std::size_t>(rule.limit)), per_(rule.per) {}

  milliseconds wait(UtcTime now) override {
    while (!calls_.empty() && now - calls_.front() >= per_) calls_.pop_front();
    if (calls_.size() < limit_) return milliseconds(0);
    // A place is free once no more than limit - 1 calls are left in the window.
    return calls_[calls_.size() - limit_] + per_ - now;
  }
  void count(UtcTime now) override { calls_.push_back(now); }
  int left(UtcTime now) override {
    if (wait(now) > milliseconds(0)) return 0;
    return static_cast<int>(limit_ - calls_.size());
  }
  milliseconds until_all(UtcTime now) override {
    return calls_.empty() ? milliseconds(0) : std::max(milliseconds(0), calls_.back() + per_ - now);
  }

 private:
  std::size_t limit_;
  milliseconds per_;
  std::deque<UtcTime> calls_;
};

class TokenBucket final : public Meter {
 public:
  explicit TokenBucket(const ThrottleRule& rule)
      : size_(rule.burst > 0 ? rule.burst : rule.limit),
        per_millisecond_(static_cast<double>(rule.limit) / static_cast<double>(rule.per.count())),
        tokens_(size_) {}

  milliseconds wait(UtcTime now) override {
    fill(now);
    if (tokens_ >= 1) return milliseconds(0);
    return milliseconds(std::max<std::int64_t>(1, std::llround(std::ceil((1 - tokens_) / per_millisecond_))));
  }
  void count(UtcTime now) override {
    fill(now);
    // Refused calls may run up a debt, but no more than a whole bucket of it.
    tokens_ = std::max(tokens_ - 1, -size_);
  }
  int left(UtcTime now) override {
    fill(now);
    return std::max(0, static_cast<int>(tokens_));
  }
  milliseconds until_all(UtcTime now) override {
    fill(now);
    return milliseconds(std::llround(std::ceil((size_ - tokens_) / per_millisecond_)));
  }

 private:
  void fill(UtcTime now) {
    if (last_ && now > *last_)
      tokens_ = std::min(size_, tokens_ + static_cast<double>((now - *last_).count()) * per_millisecond_);
    last_ = now;
  }
  double size_;
  double per_millisecond_;
  double tokens_;
  std::optional<UtcTime> last_;
};

}  // namespace

std::unique_ptr<Meter> make_meter(const ThrottleRule& rule) {
  switch (rule.model) {
    case ThrottleModel::fixed_window: return std::make_unique<FixedWindow>(rule);
    case ThrottleModel::token_bucket: return std::make_unique<TokenBucket>(rule);
    case ThrottleModel::sliding_window: break;
  }
  return std::make_unique<SlidingWindow>(rule);
}

Turnstile::Turnstile(const std::vector<ThrottleRule>& rules) {
  for (const auto& rule : rules) {
    Gate gate;
    gate.rule = rule;
    gates_.push_back(std::move(gate));
  }
}

Meter* Turnstile::meter_for(Gate& gate, const std::string& customer, ThrottledCalls calls) {
  if (gate.rule.calls != ThrottledCalls::all && gate.rule.calls != calls) return nullptr;
  if (gate.rule.scope == ThrottleScope::customer && customer.empty()) return nullptr;
  auto& meter = gate.meters[gate.rule.scope == ThrottleScope::customer ? customer : std::string()];
  if (!meter) meter = make_meter(gate.rule);
  return meter.get();
}

std::optional<ThrottleRefusal> Turnstile::admit(const std::string& customer, UtcTime now,
                                                ThrottledCalls calls) {
  std::optional<ThrottleRefusal> refusal;
  for (auto& gate : gates_) {
    Meter* meter = meter_for(gate, customer, calls);
    const milliseconds wait = meter == nullptr ? milliseconds(0) : meter->wait(now);
    if (wait > milliseconds(0) && (!refusal || wait > refusal->wait)) refusal = {gate.rule, wait};
  }
  for (auto& gate : gates_) {
    const bool counts = !refusal || gate.rule.refused_calls == RefusedCalls::count;
    Meter* meter = counts ? meter_for(gate, customer, calls) : nullptr;
    if (meter != nullptr) meter->count(now);
  }
  return refusal;
}

std::vector<QuotaLeft> Turnstile::left(const std::string& customer, UtcTime now, ThrottledCalls calls) {
  std::vector<QuotaLeft> left;
  for (auto& gate : gates_) {
    Meter* meter = gate.rule.headers == QuotaHeaders::none ? nullptr : meter_for(gate, customer, calls);
    if (meter != nullptr) left.push_back({gate.rule, meter->left(now), meter->until_all(now)});
  }
  return left;
}

}  // namespace offboard::simulator
