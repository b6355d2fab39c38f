#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <set>

#include "base/defect.hpp"
#include "forgetful_disk.hpp"
#include "ledger_audit.hpp"
#include "night.hpp"

namespace offboard::test {
namespace {

using simulator::Fault;
using simulator::Kind;

/// A little of everything that can happen to a tenant.
simulator::World eventful_world() {
  auto world = world_of({ready(1), ready(2), blocked(3), already_removed(4), ready(5), ready(6), ready(7)});
  const auto add = [&](Kind kind, Fault fault, int n, const std::string& retry_after = "", int status = 503) {
    auto rule = fault_of(kind, fault, 1);
    rule.match.customer = id_of(n);
    rule.status = status;
    if (!retry_after.empty()) rule.retry_after = retry_after;
    world.faults.push_back(rule);
  };
  add(Kind::patch, Fault::reset_after, 2);
  add(Kind::patch, Fault::reset_before, 5);
  add(Kind::patch, Fault::status, 6, "20", 429);
  add(Kind::subscriptions, Fault::status, 7);
  world.removal_lag = seconds(2);
  return world;
}

/// What a cut takes with it, and what becomes of the requests that were under way.
struct Cut {
  Loss loss = Loss::nothing;
  Orphans orphans = Orphans::by_chance;
  std::uint64_t seed = 1;
};

/// An eventful night, to be cut short.
class CutNight : public Night {
 public:
  explicit CutNight(const Cut& cut) : Night(eventful_world()), disk_(ForgetfulDisk::afresh()), cut_(cut) {
    list.push_back({guid_of(99), "", "", ""});  // unknown to the service
    plan.size = 3;
    plan.longest_way = milliseconds(200);
    plan.orphans = cut.orphans;
    plan.seed = cut.seed;
  }

  /// The next process ends before it hands out its k-th request or waits for the k-th time, which is after
  /// every request sent and every answer received. False if it comes to its end before.
  bool dies_at_step(int k) {
    const auto count = [this, k, step = std::make_shared<int>(0)] {
      if (++*step != k) return;
      disk_.cut_power();
      throw Crash{};
    };
    plan.on_hand_out = [count](const Errand&) { count(); };
    plan.on_wait = count;
    const bool died = dies();
    plan.on_hand_out = nullptr;
    plan.on_wait = nullptr;
    return died;
  }

  /// The next process ends before its k-th write, truncation, sync or removal on the disk, which is after
  /// every durable write. False if it comes to its end before.
  bool dies_at_change(int k) {
    disk_.cut_power_at(static_cast<std::uint64_t>(k));
    const bool died = dies();
    disk_.forget_plans();
    return died;
  }

  /// Goes on until a run has nothing left to do.
  int finish() {
    int code = 5;
    for (int run_number = 0; code == 5 && run_number < 4; ++run_number) {
      clock.advance(seconds(30));
      code = exit_code_of(run());
    }
    return code;
  }

  void check_against(const std::map<std::string, std::string>& undisturbed) {
    CHECK(states() == undisturbed);
    CHECK(broken_promises() == k_nothing);
    CHECK(LedgerAudit().look(job.ledger, list, service.log()).empty());
    for (const auto& [id, state] : undisturbed) CHECK(service.is_removed(id) == (state == "patched"));
  }

 private:
  bool dies() {
    bool died = false;
    try {
      died = run_dies();
    } catch (const MachineTrouble&) {
      // What a process notices of the end of its disk.
    }
    died = died || disk_.is_dark();
    disk_.restore_power(cut_.loss, cut_.seed);
    return died;
  }

  ForgetfulDisk& disk_;
  Cut cut_;
};

std::map<std::string, std::string> undisturbed_end() {
  CutNight night({});
  CHECK(exit_code_of(night.run()) == 4);
  CHECK(night.broken_promises() == k_nothing);
  return night.states();
}

constexpr Orphans k_all_orphans[] = {Orphans::none_arrives, Orphans::all_arrive, Orphans::by_chance};
constexpr Cut k_cuts[] = {
    {Loss::nothing, Orphans::all_arrive, 1},  {Loss::all, Orphans::all_arrive, 2},
    {Loss::all, Orphans::none_arrives, 3},    {Loss::by_chance, Orphans::by_chance, 4},
    {Loss::by_chance, Orphans::by_chance, 5}, {Loss::by_chance, Orphans::all_arrive, 6}};
constexpr int k_more_than_a_night = 2000;

}  // namespace

TEST_CASE("an eventful night that nobody cuts short ends as it should") {
  CHECK(undisturbed_end() == std::map<std::string, std::string>{{id_of(1), "patched"},
                                                                {id_of(2), "patched"},
                                                                {id_of(3), "blocked"},
                                                                {id_of(4), "patched"},
                                                                {id_of(5), "patched"},
                                                                {id_of(6), "patched"},
                                                                {id_of(7), "patched"},
                                                                {id_of(99), "failed"}});
}

TEST_CASE(
    "whatever request or answer the process dies at, running the job again finishes it as if nothing had "
    "been") {
  const auto undisturbed = undisturbed_end();
  for (const auto orphans : k_all_orphans) {
    int k = 1;
    for (bool died = true; died && k < k_more_than_a_night; k += stride()) {
      CutNight night({Loss::nothing, orphans, 1});
      died = night.dies_at_step(k);
      CAPTURE(k, static_cast<int>(orphans));
      CHECK((died ? night.finish() : 4) == 4);
      night.check_against(undisturbed);
    }
    CHECK(k > 60);
    CHECK(k < k_more_than_a_night);
  }
}

TEST_CASE(
    "whatever write the power goes at, and whatever it takes along, running the job again finishes it") {
  const auto undisturbed = undisturbed_end();
  int cuts = 0;
  for (const auto& cut : k_cuts) {
    int k = 1;
    for (bool died = true; died && k < k_more_than_a_night; k += stride()) {
      CutNight night(cut);
      died = night.dies_at_change(k);
      CAPTURE(k, static_cast<int>(cut.loss), static_cast<int>(cut.orphans));
      CHECK((died ? night.finish() : 4) == 4);
      night.check_against(undisturbed);
      cuts += died ? 1 : 0;
    }
    CHECK(k > 200);
    CHECK(k < k_more_than_a_night);
  }
  fmt::print("{} power cuts, one after every write\n", cuts);
}

TEST_CASE("a second power cut while the first one is being mended loses and repeats nothing") {
  const auto undisturbed = undisturbed_end();
  for (int first = 1; first < 400; first += 3 * stride()) {
    for (const int second : {1, 2, 3, 5, 8, 13, 21, 40, 80, 160}) {
      CutNight night({Loss::by_chance, Orphans::by_chance, static_cast<std::uint64_t>(first)});
      CAPTURE(first, second);
      if (!night.dies_at_change(first)) break;
      (void)night.dies_at_change(second);
      CHECK(night.finish() == 4);
      night.check_against(undisturbed);
    }
  }
}

TEST_CASE("a process that dies at its k-th step time and again loses and repeats nothing") {
  const auto undisturbed = undisturbed_end();
  for (int k = 1; k <= 60; k += stride()) {
    CutNight night({Loss::by_chance, Orphans::by_chance, static_cast<std::uint64_t>(k)});
    int deaths = 0;
    while (deaths < 6 && night.dies_at_step(k)) ++deaths;
    CAPTURE(k, deaths);
    CHECK(night.finish() == 4);
    night.check_against(undisturbed);
  }
}

TEST_CASE("who only reads after a death leaves what was written where it is") {
  CutNight night({Loss::nothing, Orphans::all_arrive, 1});
  REQUIRE(night.dies_at_step(40));
  const auto log = night.job.ledger.string() + "-wal";
  const auto before = content_of(log);
  CHECK_FALSE(before.empty());
  CHECK_FALSE(night.states().empty());
  CHECK(content_of(log) == before);
}

TEST_CASE("a list that changes between a death and the next run patches nobody who is off it") {
  for (int k = 1; k <= 60; k += 2) {
    CutNight night({Loss::by_chance, Orphans::by_chance, static_cast<std::uint64_t>(k)});
    CAPTURE(k);
    REQUIRE(night.dies_at_step(k));
    const auto requests = night.service.log().size();
    night.list.erase(night.list.begin(), night.list.begin() + 3);  // 1, 2 and 3
    CHECK(night.finish() == 4);
    CHECK(night.broken_promises() == k_nothing);
    CHECK(night.trouble_with_history() == k_nothing);
    for (std::size_t i = requests; i < night.service.log().size(); ++i) {
      const auto& entry = night.service.log()[i];
      const bool is_off =
          entry.customer == id_of(1) || entry.customer == id_of(2) || entry.customer == id_of(3);
      if (is_off && entry.kind != Kind::customer) FAIL_CHECK("a withdrawn tenant got more than a look");
    }
    // Whoever was removed before is known to be, and nobody else is called patched.
    for (const int n : {1, 2, 3}) {
      const auto history = night.history(n);
      const bool is_patched = !history.empty() && history.back().to_state == "patched";
      CHECK(is_patched == night.service.is_removed(id_of(n)));
    }
  }
}

}  // namespace offboard::test
