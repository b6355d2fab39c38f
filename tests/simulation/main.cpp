// nights: plays stories until so many nights are over. What CI runs in short, and anybody for an hour.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>

#include "story.hpp"

namespace offboard::test {
namespace {

struct Wish {
  std::uint64_t first = 1;
  std::uint64_t nights = 1000;
  double least_per_second = 0;
  bool tell = false;
};

void print(const Tally& tally, double seconds) {
  fmt::print(
      "{} nights in {} stories, {:.0f} a second of one core: {} tenants, {} requests, {} of them spoiled, {} "
      "removals, "
      "{} of them repeated, {} blocked in the end; {} stops, {} kills, {} power cuts, {} disk failures, {} "
      "purchases, {} other changes and "
      "{} clock jumps in the middle of a night; {} pages of the list of customers\n",
      tally.nights, tally.stories, static_cast<double>(tally.nights) / seconds, tally.tenants, tally.requests,
      tally.faults, tally.removals, tally.repeated_removals, tally.blocked, tally.stops, tally.kills,
      tally.power_cuts, tally.disk_failures, tally.purchases, tally.changes, tally.clock_jumps,
      tally.list_pages);
}

double processor_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

void tell(std::uint64_t seed, const Story& story) {
  fmt::print("story {}\n", seed);
  for (const auto& line : story.diary()) fmt::print("  {}\n", line);
}

void tell_requests(const Story& story) {
  for (const auto& entry : story.log()) fmt::print("  {}\n", simulator::json_line(entry));
}

int play(const Wish& wish) {
  Tally tally;
  const auto begun = processor_seconds();
  for (auto seed = wish.first; tally.nights < wish.nights; ++seed) {
    Story story(seed);
    auto wrong = story.play();
    tally.add(story.tally());
    if (wish.tell || !wrong.empty()) tell(seed, story);
    if (wish.tell) tell_requests(story);
    if (wrong.empty()) continue;
    for (const auto& sentence : wrong) fmt::print("  {}\n", sentence);
    fmt::print("To see it again: nights --first {} --nights 1 --tell\n", seed);
    return 1;
  }
  const auto seconds = processor_seconds() - begun;
  print(tally, seconds);
  if (static_cast<double>(tally.nights) / seconds >= wish.least_per_second) return 0;
  fmt::print("That is too slow: {} a second were wanted.\n", wish.least_per_second);
  return 1;
}

}  // namespace
}  // namespace offboard::test

int main(int argc, char** argv) {
  offboard::test::Wish wish;
  CLI::App app(
      "Plays simulated nights of offboard, each story drawn from one number, and checks every promise after "
      "every night.");
  app.add_option("--first", wish.first, "the first story's number")->capture_default_str();
  app.add_option("--nights", wish.nights, "how many nights at least; a story is always played to its end")
      ->capture_default_str();
  app.add_option("--least-per-second", wish.least_per_second,
                 "fail if they are fewer, in a second of one core");
  app.add_flag("--tell", wish.tell, "print every night and every request");
  CLI11_PARSE(app, argc, argv);
  return offboard::test::play(wish);
}
