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
  if (setting.event != Event::halves || setting.round_trip != seconds(1)) return bounds;
  if (setting.kind == QuotaKind::fixed_window) bounds.first.refused = 2.7;
  if (setting.kind == QuotaKind::sliding_window) bounds.first = {0.969, 2.2};
  return bounds;
}

/// Fewer requests an hour, so each refusal weighs twice as much.
Bounds bounds_at_300(const Setting& setting) {
  Bounds bounds;
  const bool is_slow = setting.round_trip == seconds(1);
  switch (setting.kind) {
    case QuotaKind::fixed_window:
      if (setting.event == Event::halves) bounds.first.refused = 2.7;
      if (setting.event == Event::shared)
        bounds = {{0.97, is_slow ? 3.75 : 2.8}, {is_slow ? 0.97 : 0.968, 0.5}};
      break;
    case QuotaKind::token_bucket:
      if (setting.event == Event::halves) bounds.first.refused = is_slow ? 6.3 : 4.5;
      if (setting.event == Event::shared) bounds.first.refused = is_slow ? 2.1 : 5.6;
      break;
    case QuotaKind::sliding_window:
      if (setting.event == Event::halves)
        bounds = is_slow ? Bounds{{0.97, 2.2}, {0.97, 0.5}} : Bounds{{0.969, 2.0}, {0.96, 0.5}};
      if (setting.event == Event::shared && !is_slow) bounds = {{0.919, 2.05}, {0.90, 0.5}};
      break;
  }
  return bounds;
}

/// It bears a pace that is too high for longer, and so tells later that it is.
Bounds bounds_of_saving_bucket(const Setting& setting) {
  const bool is_slow = setting.round_trip == seconds(1);
  if (setting.event == Event::halves) return {{0.97, is_slow ? 2.5 : 4.4}, {0.97, 0.6}};
  if (setting.event == Event::shared) return {{0.97, 2.05}, {0.97, 0.85}};
  return {};
}

/// A sliding window tells when all of it is to be had again, which helps nobody: it is as without them.
Bounds bounds_with_headers(const Setting& setting) {
  return setting.kind == QuotaKind::sliding_window ? bounds_of(setting) : Bounds{};
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

std::string cells_of(const std::array<Figures, 2>& nights) {
  const auto& [first, later] = nights;
  return fmt::format("{:.1f} % | {:.2f} | {:.1f} % | {:.2f}", 100 * first.share, first.refused,
                     100 * later.share, later.refused);
}

std::string name_of(const Setting& setting) {
  constexpr std::array k_kinds = {"fixed window", "token bucket", "sliding window"};
  constexpr std::array k_events = {"", ", halves", ", shared"};
  return fmt::format("{}{} | {} | {} ms", k_kinds[static_cast<std::size_t>(setting.kind)],
                     k_events[static_cast<std::size_t>(setting.event)], setting.workers,
                     setting.round_trip.count());
}

/// All quotas, events and round trips, with each of those numbers of workers.
std::vector<Setting> settings_with(const std::vector<int>& workers) {
  std::vector<Setting> settings;
  for (const auto kind : {QuotaKind::fixed_window, QuotaKind::token_bucket, QuotaKind::sliding_window}) {
    for (const auto event : {Event::none, Event::halves, Event::shared}) {
      for (const auto round_trip : {milliseconds(130), milliseconds(1000)}) {
        for (const int number : workers) {
          Setting setting;
          setting.kind = kind;
          setting.event = event;
          setting.workers = number;
          setting.round_trip = round_trip;
          settings.push_back(setting);
        }
      }
    }
  }
  return settings;
}

/// True if it is as good as promised.
bool print_row(const Setting& setting, const Bounds& bounds) {
  const auto nights = worst_of(setting);
  const bool is_good = is_within(nights[0], bounds.first) && is_within(nights[1], bounds.later);
  fmt::print("| {} | {} |{}\n", name_of(setting), cells_of(nights),
             is_good ? "" : "  <- worse than promised");
  return is_good;
}

void print_head(const std::string& title) {
  fmt::print(
      "\n{}\n\n| quota | workers | round trip | night 1: share | refused | later: share | refused "
      "|\n|---|---|---|---|---|---|---|\n",
      title);
}

void print_bounds() {
  fmt::print(
      "\nWhat a client could have that knows all but the moment at which the quota halves\n\n"
      "| quota | workers | round trip | a minute | share | refused |\n|---|---|---|---|---|---|\n");
  for (auto setting : settings_with({16})) {
    if (setting.event != Event::halves) continue;
    for (const int per_minute : {600, 300}) {
      setting.per_minute = per_minute;
      Figures worst;
      for (const auto into_window : {seconds(0), seconds(37)}) {
        if (into_window != seconds(0) && setting.kind != QuotaKind::fixed_window) continue;
        setting.into_window = into_window;
        add(worst, setting, play_knowing(setting));
      }
      fmt::print("| {} | {} | {:.1f} % | {:.2f} |\n", name_of(setting), per_minute, 100 * worst.share,
                 worst.refused);
    }
  }
}

int run() {
  int broken = 0;
  print_head("600 a minute");
  for (const auto& setting : settings_with({4, 16, 64}))
    broken += print_row(setting, bounds_of(setting)) ? 0 : 1;
  print_head("300 a minute");
  for (auto setting : settings_with({16})) {
    setting.per_minute = 300;
    broken += print_row(setting, bounds_at_300(setting)) ? 0 : 1;
  }
  print_head("1,200 a minute, where a gate closed for a whole second fills the bucket");
  Setting large{QuotaKind::token_bucket, Event::none, 32, seconds(1)};
  large.per_minute = 1200;
  broken += print_row(large, {{0.88, 2.0}, {0.97, 0.5}}) ? 0 : 1;
  print_head("600 a minute, from a bucket that saves up 60");
  for (const auto event : {Event::none, Event::halves, Event::shared}) {
    for (const auto round_trip : {milliseconds(130), milliseconds(1000)}) {
      Setting saving{QuotaKind::token_bucket, event, 16, round_trip};
      saving.burst = 60;
      broken += print_row(saving, bounds_of_saving_bucket(saving)) ? 0 : 1;
    }
  }
  print_head("600 a minute, and RateLimit headers that say so");
  for (auto setting : settings_with({16})) {
    setting.is_announced = true;
    broken += print_row(setting, bounds_with_headers(setting)) ? 0 : 1;
  }
  print_bounds();
  return broken == 0 ? 0 : 1;
}

}  // namespace
}  // namespace offboard::test

int main() {
  return offboard::test::run();
}
