#include "story.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <fstream>

#include "base/defect.hpp"
#include "temp_folder.hpp"

namespace offboard::test {
namespace {

constexpr int k_most_disturbed_nights = 5;
constexpr int k_calm_nights = 2;  // after which every tenant must be where it belongs
constexpr int k_most_steps =
    140;  // of a night that is to be cut short: errands and waits, or changes on disk

/// One that no run was recorded in yet.
const std::string& new_ledger() {
  static const auto content = [] {
    const TempFolder folder;
    const auto file = folder.path() / "new.db";
    { const Ledger ledger(file); }
    // No story is to know which of them was the first.
    ForgetfulDisk::afresh();
    return content_of(file);
  }();
  return content;
}

}  // namespace

void Tally::add(const Tally& other) {
  stories += other.stories;
  nights += other.nights;
  tenants += other.tenants;
  requests += other.requests;
  removals += other.removals;
  repeated_removals += other.repeated_removals;
  blocked += other.blocked;
  stops += other.stops;
  kills += other.kills;
  power_cuts += other.power_cuts;
  disk_failures += other.disk_failures;
  purchases += other.purchases;
  changes += other.changes;
  list_pages += other.list_pages;
  clock_jumps += other.clock_jumps;
  faults += other.faults;
}

Story::Story(std::uint64_t seed)
    : dice_(seed),
      disk_(ForgetfulDisk::afresh()),
      town_(dice_),
      habits_(habits(dice_, seed)),
      night_(habits_) {
  night_.seed = seed;
  // Making a ledger takes longer than a night: most stories begin just after.
  if (seed % 10 != 0) std::ofstream(night_.job.ledger, std::ios::binary) << new_ledger();
}

std::vector<std::string> Story::play() {
  for (int nights = 1 + dice_.up_to(k_most_disturbed_nights - 1); nights > 0 && wrong_.empty(); --nights) {
    disturbed_night();
    town_.live_on(dice_);
    night_.clock.advance(
        dice_.one_of<milliseconds>({seconds(1), std::chrono::minutes(10), std::chrono::hours(24)}));
  }
  night_.clock.advance(std::chrono::hours(24));
  for (int nights = k_calm_nights; nights > 0 && wrong_.empty(); --nights) calm_night();
  if (wrong_.empty()) look_at_the_end();
  tally_.stories = 1;
  tally_.tenants = audit_.list().size();
  tally_.requests = log().size();
  std::map<std::string, int> patches;
  for (const auto& entry : log())
    if (entry.kind == simulator::Kind::patch) ++patches[entry.customer];
  for (const auto& [id, count] : patches) tally_.repeated_removals += count > 1 ? 1 : 0;
  tally_.removals = static_cast<std::uint64_t>(night_.count(simulator::Effect::removed));
  tally_.list_pages = static_cast<std::uint64_t>(night_.count(simulator::Kind::customers));
  tally_.faults = static_cast<std::uint64_t>(
      std::count_if(log().begin(), log().end(), [](const auto& entry) { return !entry.fault.empty(); }));
  return wrong_;
}

simulator::World Story::today(const Weather& weather) const {
  auto world = habits_;
  world.customers = town_.customers();
  world.faults = weather.faults;
  world.throttles = weather.throttles;
  return world;
}

void Story::disturbed_night() {
  night_.service.become(today(bad_weather(dice_)));
  draw_settings();
  draw_trouble();
  play_night(dice_.falls(15) ? Mode::check : Mode::run);
}

void Story::calm_night() {
  night_.service.become(today({}));
  night_.job.policy = {};
  night_.job.policy.failed = FailedTenants::retry;
  night_.plan = {};
  night_.plan.seed = dice_.seed();
  play_night(Mode::run);
}

void Story::draw_settings() {
  auto& policy = night_.job.policy;
  policy = {};
  policy.recheck_after = dice_.one_of({seconds(40), seconds(120), seconds(600)});
  if (dice_.falls(20)) policy.max_patches = 1 + dice_.up_to(4);
  if (dice_.falls(15)) policy.deadline = seconds(1 + dice_.up_to(300));
  if (dice_.falls(20)) policy.failed = FailedTenants::retry;
  night_.list_worth_from = dice_.one_of({1, 3, 25});
  auto& plan = night_.plan;
  plan = {};
  plan.seed = dice_.seed();
  plan.size = static_cast<std::size_t>(1 + dice_.up_to(5));
  plan.longest_way = milliseconds(10 + dice_.up_to(1500));
  plan.orphans = dice_.one_of({Orphans::by_chance, Orphans::all_arrive, Orphans::none_arrives});
}

/// The process ends before its k-th errand or wait.
void Story::end_process_at(int step) {
  const auto count = [this, step, so_far = std::make_shared<int>(0)] {
    if (++*so_far != step) return;
    disk_.cut_power();
    throw Crash{};
  };
  night_.plan.on_hand_out = [count](const Errand&) { count(); };
  night_.plan.on_wait = count;
}

void Story::draw_trouble() {
  const int fortune = dice_.up_to(99);
  const int step = 1 + dice_.up_to(k_most_steps - 1);
  ends_by_kill_ = false;
  if (fortune < 12) {
    trouble_ = "stop";
    night_.plan.alarms.emplace_back(milliseconds(dice_.up_to(20'000)), [this] { night_.ask_to_stop(); });
  } else if (fortune < 30) {
    trouble_ = fmt::format("dies at step {}", step);
    ends_by_kill_ = dice_.falls(50);
    end_process_at(step);
  } else if (fortune < 50) {
    trouble_ = fmt::format("dies at change {} on disk", step);
    ends_by_kill_ = dice_.falls(30);
    disk_.cut_power_at(static_cast<std::uint64_t>(step));
  } else if (fortune < 58) {
    const auto [call, code] = dice_.one_of<std::pair<DiskCall, int>>({{DiskCall::write, SQLITE_FULL},
                                                                      {DiskCall::write, SQLITE_IOERR_WRITE},
                                                                      {DiskCall::sync, SQLITE_IOERR_FSYNC},
                                                                      {DiskCall::read, SQLITE_IOERR_READ}});
    trouble_ = fmt::format("disk call {} fails with {} at {}", static_cast<int>(call), code, step);
    disk_.plan({call, static_cast<std::uint64_t>(step), code, dice_.falls(50)});
  }
  if (dice_.falls(10)) draw_purchase();
  if (dice_.falls(10)) draw_change();
  if (dice_.falls(10)) draw_clock_jump();
}

void Story::draw_purchase() {
  night_.plan.alarms.emplace_back(milliseconds(dice_.up_to(10'000)), [this] {
    const auto buyer = town_.somebody_buys(dice_);
    if (buyer.empty()) return;
    ++tally_.purchases;
    trouble_ += "; " + buyer + " buys";
    night_.note_bought(buyer);
    become_as_the_town_is();
  });
}

void Story::draw_change() {
  night_.plan.alarms.emplace_back(milliseconds(dice_.up_to(10'000)), [this] {
    town_.somebody_changes(dice_);
    ++tally_.changes;
    trouble_ += "; somebody changes";
    for (const auto& id : note_lost()) night_.note_ended(id);
    become_as_the_town_is();
  });
}

void Story::become_as_the_town_is() {
  auto world = night_.service.world();
  world.customers = town_.customers();
  night_.service.become(std::move(world));
}

/// Those that were not known to be lost.
std::vector<std::string> Story::note_lost() {
  std::vector<std::string> newly;
  for (const auto& resident : town_.residents()) {
    if (resident.relationship_lost && lost_.insert(resident.customer.id).second)
      newly.push_back(resident.customer.id);
  }
  return newly;
}

void Story::draw_clock_jump() {
  constexpr auto k_year = std::chrono::hours(24 * 365);
  const auto jump = dice_.one_of<milliseconds>(
      {std::chrono::hours(1), -std::chrono::hours(1), k_year, -k_year, milliseconds(0)});
  ++tally_.clock_jumps;
  night_.plan.alarms.emplace_back(milliseconds(dice_.up_to(10'000)), [this, jump] {
    trouble_ += fmt::format("; the clock is wrong by {} ms", jump.count());
    night_.clock.be_wrong_by(jump);
  });
}

/// How the process ended, in words; its exit code, if it came to its end.
std::string Story::run_process(Mode mode, std::optional<int>& code) {
  try {
    code = exit_code_of(night_.run(mode));
    const auto& stops = night_.listener.stops;
    return fmt::format("exit {}{}", *code, stops.empty() ? "" : ", " + stops.front());
  } catch (const Crash&) {
    return "died";
  } catch (const MachineTrouble& trouble) {
    if (!disk_.is_dark() && !disk_.has_failed())
      object(fmt::format("trouble out of nowhere: {}", trouble.what()));
    return trouble.what();
  } catch (const std::exception& defect) {
    object(fmt::format("a defect: {}", defect.what()));
    return "a defect";
  }
}

void Story::play_night(Mode mode) {
  ++tally_.nights;
  static_cast<void>(note_lost());
  night_.list = town_.list();
  std::optional<int> code;
  const auto ended = run_process(mode, code);
  if (disk_.is_dark()) ++(ends_by_kill_ ? tally_.kills : tally_.power_cuts);
  if (disk_.has_failed()) ++tally_.disk_failures;
  if (trouble_.rfind("stop", 0) == 0 && code == 5) ++tally_.stops;
  take_back_trouble();
  diary_.push_back(fmt::format("night {} ({} listed, {}): {}", tally_.nights, night_.list.size(),
                               trouble_.empty() ? "no trouble" : trouble_, ended));
  trouble_.clear();
  look_at_everything();
  if (code) look_at_exit_code(*code, mode);
}

/// Even after a night that came to its end the power may go.
void Story::take_back_trouble() {
  const auto loss =
      ends_by_kill_ ? Loss::nothing : dice_.one_of({Loss::all, Loss::by_chance, Loss::by_chance});
  disk_.restore_power(loss, dice_.seed());
  disk_.forget_plans();
}

void Story::object(const std::string& what) {
  wrong_.push_back(fmt::format("night {}: {}", tally_.nights, what));
}

void Story::look_at_everything() try {
  if (!std::filesystem::exists(night_.job.ledger)) {
    if (night_.count(simulator::Kind::patch) > 0) object("a PATCH, and no ledger");
    return;
  }
  // As the process left it.
  for (const auto& sentence :
       leaked(night_.folder(), "refresh-token", {k_refresh_token, "sim-access-", "sim-refresh-"}))
    object(sentence);
  for (const auto& sentence : audit_.look(night_.job.ledger, night_.list, log())) object(sentence);
  if (const auto broken = night_.broken_promises(); !broken.empty()) object(broken);
  for (const auto& [id, state] : audit_.states()) {
    if (state == "patched" && !night_.service.is_removed(id) && lost_.count(id) == 0)
      object(id + " is called patched, and the relationship stands");
  }
} catch (const MachineTrouble& trouble) {
  object(fmt::format("the ledger cannot be read after {}: {}", diary_.back(), trouble.what()));
}

void Story::look_at_exit_code(int code, Mode mode) {
  std::set<std::string> states;
  for (const auto& [id, state] : audit_.states()) states.insert(state);
  if (code == 5 || code == 7) return;
  states.erase("patched");
  if (mode == Mode::check) states.erase("ready");
  const bool has_failed = states.erase("failed") > 0;
  const bool has_blocked = states.erase("blocked") > 0;
  if (!states.empty()) object(fmt::format("exit {}, and a tenant is {}", code, *states.begin()));
  const int due = has_failed ? 4 : has_blocked ? 3 : 0;
  if (code != due) object(fmt::format("exit {} where {} was due", code, due));
}

/// Nothing is wrong any more.
bool Story::is_where_it_belongs(const Resident& resident) const {
  const auto& id = resident.customer.id;
  const auto& state = audit_.states().at(id);
  const auto fate = Town::fate_of(resident);
  const bool is_gone = night_.service.is_removed(id) || lost_.count(id) > 0;
  // What was once patched stays so, whatever becomes of the customer.
  if (state == "patched") return is_gone || fate == Fate::patched;
  if (is_gone && resident.is_known) return false;
  return (state == "blocked" && fate == Fate::blocked) || (state == "failed" && fate == Fate::failed);
}

void Story::look_at_the_end() {
  for (const auto& resident : town_.residents()) {
    if (!resident.is_listed) continue;
    const auto& id = resident.customer.id;
    if (audit_.states().at(id) == "blocked") ++tally_.blocked;
    if (!is_where_it_belongs(resident))
      object(fmt::format("{} is {} in the end", id, audit_.states().at(id)));
  }
  for (const auto& sentence : report_differs(night_.job.ledger)) object(sentence);
}

}  // namespace offboard::test
