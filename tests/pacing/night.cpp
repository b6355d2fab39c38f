#include "night.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <queue>
#include <string>
#include <vector>

#include "pace/gate.hpp"
#include "pace/retry.hpp"

namespace offboard::test {
namespace {

/// Not in the middle of a minute, nor at its end.
constexpr milliseconds k_half_time = std::chrono::minutes(15) + seconds(20);
constexpr Instant k_first{std::chrono::hours(1000)};

struct Happening {
  enum class What { arrival, answer, other_client };
  Instant at;
  std::int64_t order;
  What what;
  int customer = 0;
  Instant sent_at{};
  std::optional<milliseconds> retry_after = {};
  std::int64_t left = 0;  // by the headers, with the next
  milliseconds until_all{};

  bool operator>(const Happening& other) const {
    return at != other.at ? at > other.at : order > other.order;
  }
};

template <typename Item>
using Soonest = std::priority_queue<Item, std::vector<Item>, std::greater<>>;

/// The loop as the runner has it: one gate, one pacer; whoever was refused comes again after its own wait.
class Play {
 public:
  Play(const Setting& setting, std::optional<KnownRate> known)
      : setting_(setting),
        quota_(setting.kind, setting.per_minute, setting.into_window, setting.burst),
        pacer_({}, known) {}

  Outcome go() {
    if (setting_.event == Event::shared) other_client(now_ + milliseconds(150));
    while (now_ < k_first + k_night) {
      if (setting_.event == Event::halves && !has_halved_ && now_ >= k_first + k_half_time) {
        has_halved_ = true;
        quota_.halve();
      }
      while (!ahead_.empty() && ahead_.top().at <= now_) {
        const auto next = ahead_.top();
        ahead_.pop();
        take(next);
      }
      while (may_send()) send();
      now_ = std::max(next_moment(), now_ + milliseconds(1));
    }
    outcome_.known = pacer_.known();
    return outcome_;
  }

 private:
  void other_client(Instant at) { ahead_.push({at, ++order_, Happening::What::other_client}); }

  void take(const Happening& happening) {
    switch (happening.what) {
      case Happening::What::other_client:
        static_cast<void>(quota_.call(happening.at));
        return other_client(happening.at + milliseconds(180'000 / setting_.per_minute));
      case Happening::What::arrival: return arrive(happening);
      case Happening::What::answer: return hear(happening);
    }
  }

  void arrive(Happening happening) {
    auto wait = quota_.call(happening.at);
    ++(wait ? outcome_.refused : outcome_.accepted);
    if (wait && setting_.whole_seconds) wait = std::chrono::ceil<seconds>(*wait);
    if (setting_.is_announced) {
      happening.left = quota_.left(happening.at);
      happening.until_all = std::chrono::ceil<seconds>(quota_.until_all(happening.at));
    }
    happening.what = Happening::What::answer;
    happening.at += setting_.round_trip / 2;
    happening.order = ++order_;
    happening.retry_after = wait;
    ahead_.push(happening);
  }

  void hear(const Happening& happening) {
    --in_flight_;
    if (!happening.retry_after) {
      pacer_.answered(happening.sent_at, now_);
      if (setting_.is_announced)
        static_cast<void>(pacer_.told(happening.left, happening.until_all, happening.sent_at, now_));
      return;
    }
    const auto until = now_ + *happening.retry_after + k_rounding;
    gate_.throttled(std::to_string(happening.customer), until, now_);
    pacer_.refused(happening.sent_at, *happening.retry_after,
                   gate_.opens_at() > now_ ? RefusalScope::everybody : RefusalScope::customer, now_);
    waiting_.push({until, happening.customer});
  }

  [[nodiscard]] bool may_send() const {
    return in_flight_ < static_cast<std::size_t>(setting_.workers) && now_ >= gate_.opens_at() &&
           pacer_.may_leave(now_, in_flight_);
  }

  void send() {
    int customer = customers_ + 1;
    if (!waiting_.empty() && waiting_.top().first <= now_) {
      customer = waiting_.top().second;
      waiting_.pop();
    } else {
      ++customers_;
    }
    ahead_.push({now_ + setting_.round_trip / 2, ++order_, Happening::What::arrival, customer, now_});
    pacer_.left(now_);
    ++in_flight_;
  }

  [[nodiscard]] Instant next_moment() const {
    auto next = k_first + k_night;
    if (setting_.event == Event::halves && !has_halved_) next = std::min(next, k_first + k_half_time);
    if (!ahead_.empty()) next = std::min(next, ahead_.top().at);
    if (in_flight_ < static_cast<std::size_t>(setting_.workers))
      next = std::min(next, std::max(gate_.opens_at(), pacer_.next_at(now_, in_flight_)));
    return next;
  }

  Setting setting_;
  Quota quota_;
  Gate gate_{std::chrono::minutes(5)};
  Pacer pacer_;
  Instant now_ = k_first;
  Soonest<Happening> ahead_;
  Soonest<std::pair<Instant, int>> waiting_;
  std::int64_t order_ = 0;
  int customers_ = 0;
  std::size_t in_flight_ = 0;
  bool has_halved_ = false;
  Outcome outcome_;
};

}  // namespace

Outcome play(const Setting& setting, std::optional<KnownRate> known) {
  return Play(setting, known).go();
}

Outcome play_knowing(const Setting& setting) {
  Quota quota(setting.kind, setting.per_minute, setting.into_window, setting.burst);
  Outcome outcome;
  double per_ms = setting.per_minute / 60000.0;
  double next = setting.kind == QuotaKind::token_bucket ? (2 - setting.burst) / per_ms : 0;
  bool has_halved = false;
  std::optional<double> heard_at;
  double resumes_at = 0;
  const auto night = static_cast<double>(k_night.count());
  for (; next < night; next += 1 / per_ms) {
    if (heard_at && next >= *heard_at) {
      next = std::max(next, resumes_at);
      per_ms = setting.per_minute / 120000.0;
    }
    const double sent_at = std::max(next, 0.0);
    const auto arrives_at = k_first + milliseconds(std::llround(sent_at)) + setting.round_trip / 2;
    if (setting.event == Event::halves && !has_halved && arrives_at >= k_first + k_half_time) {
      has_halved = true;
      quota.halve();
    }
    const auto wait = quota.call(arrives_at);
    ++(wait ? outcome.refused : outcome.accepted);
    if (!wait) continue;
    if (!heard_at) heard_at = sent_at + static_cast<double>(setting.round_trip.count());
    resumes_at = sent_at + static_cast<double>(wait->count());
  }
  return outcome;
}

double to_be_had(const Setting& setting) {
  using Minutes = std::chrono::duration<double, std::ratio<60>>;
  const double carried = setting.workers * 60000.0 / static_cast<double>(setting.round_trip.count());
  const double other = setting.event == Event::shared ? setting.per_minute / 3.0 : 0;
  const double first =
      setting.event == Event::halves ? Minutes(k_half_time).count() : Minutes(k_night).count();
  const double burst = setting.kind == QuotaKind::token_bucket ? setting.burst : 0;
  return std::min(burst + first * (setting.per_minute - other), first * carried) +
         (Minutes(k_night).count() - first) * std::min<double>(setting.per_minute / 2, carried);
}

}  // namespace offboard::test
