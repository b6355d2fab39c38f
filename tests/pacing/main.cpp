// The table in docs/performance.md, "Pacing". Ends with 1 if a cell is worse than it says there.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "night.hpp"

namespace offboard::test {
namespace {

struct Figures {
  double share = 1;    // of what was to be had, at least
  double refused = 0;  // per 1,000 requests, at most
};

struct Bounds {
  Figures first{0.97, 2.0};
  Figures later{0.97, 0.5};
};

/// Cells that cannot be had, or are not; docs/performance.md says why.
Bounds bounds_of(const Setting& setting) {
  Bounds bounds;
  const bool is_slow = setting.round_trip == seconds(1);
  if (setting.event == Event::halves && is_slow) {
    bounds.first.refused = 2.8;
    bounds.first.share = 0.95;
  }
  if (setting.kind == QuotaKind::token_bucket) {
    if (setting.event == Event::halves) bounds.first.refused = 2.4;
    if (setting.event == Event::shared && is_slow) bounds.first.share = 0.945;
  }
  return bounds;
}

void add(Figures& worst, const Setting& setting, const Outcome& outcome) {
  worst.share = std::min(worst.share, outcome.accepted / to_be_had(setting));
  worst.refused = std::max(worst.refused, 1000.0 * outcome.refused / (outcome.accepted + outcome.refused));
}

/// The worst of: Retry-After to the millisecond and in whole seconds; a window that begins with the first
/// call and one that is well on. In the second night the quota is what it was at the end of the first.
std::array<Figures, 2> worst_of(Setting setting) {
  std::array<Figures, 2> worst;
  for (const bool whole_seconds : {false, true}) {
    for (const auto into_window : {seconds(0), seconds(37)}) {
      if (into_window != seconds(0) && setting.kind != QuotaKind::fixed_window) continue;
      setting.whole_seconds = whole_seconds;
      setting.into_window = into_window;
      const auto first = play(setting, {});
      add(worst[0], setting, first);
      auto next_night = setting;
      if (setting.event == Event::halves) {
        next_night.event = Event::none;
        next_night.per_minute /= 2;
      }
      add(worst[1], next_night, play(next_night, first.known));
    }
  }
  return worst;
}

bool is_within(const Figures& figures, const Figures& bound) {
  return figures.share >= bound.share && figures.refused <= bound.refused;
}

int run() {
  int broken = 0;
  fmt::print(
      "| quota | workers | round trip | night 1: share | refused | later: share | refused "
      "|\n|---|---|---|---|---|---|---|\n");
  for (const auto& [kind, kind_name] : {std::pair(QuotaKind::fixed_window, "fixed window"),
                                        std::pair(QuotaKind::token_bucket, "token bucket"),
                                        std::pair(QuotaKind::sliding_window, "sliding window")}) {
    for (const auto& [event, event_name] : {std::pair(Event::none, ""), std::pair(Event::halves, ", halves"),
                                            std::pair(Event::shared, ", shared")}) {
      for (const auto round_trip : {milliseconds(130), milliseconds(1000)}) {
        for (const int workers : {4, 16, 64}) {
          Setting setting;
          setting.kind = kind;
          setting.event = event;
          setting.workers = workers;
          setting.round_trip = round_trip;
          const auto [first, later] = worst_of(setting);
          const auto bounds = bounds_of(setting);
          const bool is_good = is_within(first, bounds.first) && is_within(later, bounds.later);
          broken += is_good ? 0 : 1;
          fmt::print("| {}{} | {} | {} ms | {:.1f} % | {:.2f} | {:.1f} % | {:.2f} |{}\n", kind_name,
                     event_name, workers, round_trip.count(), 100 * first.share, first.refused,
                     100 * later.share, later.refused, is_good ? "" : "  <- worse than promised");
        }
      }
    }
  }
  return broken == 0 ? 0 : 1;
}

}  // namespace
}  // namespace offboard::test

int main() {
  return offboard::test::run();
}
