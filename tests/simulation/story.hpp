#pragma once
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "dice.hpp"
#include "forgetful_disk.hpp"
#include "ledger_audit.hpp"
#include "night.hpp"
#include "town.hpp"

namespace offboard::test {

/// What happened in some stories.
struct Tally {
  std::uint64_t stories = 0, nights = 0, tenants = 0, requests = 0, removals = 0, repeated_removals = 0,
                blocked = 0;
  std::uint64_t stops = 0, kills = 0, power_cuts = 0, disk_failures = 0, purchases = 0, changes = 0,
                clock_jumps = 0, faults = 0, list_pages = 0;

  void add(const Tally& other);
};

/// Several consecutive nights of one job, all drawn from one number: the list, the service, its faults, the
/// order in which workers get their answers, where the process dies or the disk fails, and what changes
/// between the nights. The same number gives the same story, to the last request.
class Story {
 public:
  explicit Story(std::uint64_t seed);

  /// Plays it to its end. What went wrong, as sentences; empty: every invariant held.
  [[nodiscard]] std::vector<std::string> play();

  [[nodiscard]] const Tally& tally() const { return tally_; }
  /// What the service saw, oldest first.
  [[nodiscard]] const std::vector<simulator::LogEntry>& log() const { return night_.service.log(); }
  /// A line per night.
  [[nodiscard]] const std::vector<std::string>& diary() const { return diary_; }

 private:
  void disturbed_night();
  void calm_night();
  void draw_settings();
  void draw_trouble();
  void draw_purchase();
  void draw_change();
  void become_as_the_town_is();
  [[nodiscard]] std::vector<std::string> note_lost();
  void draw_clock_jump();
  void end_process_at(int step);
  void play_night(Mode mode);
  [[nodiscard]] std::string run_process(Mode mode, std::optional<int>& code);
  void take_back_trouble();
  void look_at_everything();
  void look_at_exit_code(int code, Mode mode);
  [[nodiscard]] bool is_where_it_belongs(const Resident& resident) const;
  void look_at_the_end();
  void object(const std::string& what);
  [[nodiscard]] simulator::World today(const Weather& weather) const;

  Dice dice_;
  ForgetfulDisk& disk_;
  Town town_;
  simulator::World habits_;
  Night night_;
  LedgerAudit audit_;
  std::set<std::string> lost_;  // relationships that somebody else ended
  std::string trouble_;         // tonight's, for the diary
  bool ends_by_kill_ = false;
  std::vector<std::string> diary_;
  std::vector<std::string> wrong_;
  Tally tally_;
};

}  // namespace offboard::test
