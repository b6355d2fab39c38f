#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <random>

#include "night.hpp"

namespace offboard::test {
namespace {

using simulator::Fault;
using simulator::Kind;

constexpr int k_tenants = 12;
constexpr int k_most_runs = 15;

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  int up_to(int most) { return static_cast<int>(engine_() % static_cast<std::uint64_t>(most + 1)); }
  bool falls(int percent) { return up_to(99) < percent; }
  template <typename Value>
  Value one_of(std::initializer_list<Value> values) {
    return values.begin()[up_to(static_cast<int>(values.size()) - 1)];
  }

 private:
  std::mt19937_64 engine_;
};

std::string told(const std::map<std::string, std::string>& states) {
  std::string text;
  for (const auto& [id, state] : states) text += fmt::format("{}: {}\n", id, state);
  return text;
}

/// A customer, and how its tenant must end; `failed`: the service is not to know it.
simulator::Customer customer_for(Dice& dice, int n, std::string& end) {
  const int fate = dice.up_to(99);
  auto customer = with_subscriptions(n, dice.up_to(4), "suspended");
  end = "patched";
  if (fate < 25) {
    customer = with_subscriptions(n, 1 + dice.up_to(4), dice.one_of({"suspended", "deleted"}));
    customer.subscriptions.back().status.text = dice.one_of({"active", "pending", "strange"});
    end = "blocked";
  } else if (fate < 32) {
    customer.announce_extra = 1;
    end = "blocked";
  } else if (fate < 42) {
    customer.relationship.text = "none";
  } else if (fate < 50) {
    end = "failed";
  }
  return customer;
}

simulator::FaultRule a_fault(Dice& dice) {
  simulator::FaultRule rule;
  rule.match.kind = dice.one_of(
      {Kind::patch, Kind::patch, Kind::customer, Kind::subscriptions, Kind::entitlements, Kind::token});
  rule.fault = dice.one_of({Fault::status, Fault::status, Fault::reset_before, Fault::reset_after,
                            Fault::truncate, Fault::garbage, Fault::stall, Fault::drip, Fault::html_502,
                            Fault::empty_200, Fault::wrong_type, Fault::close_in_headers});
  if (rule.match.kind == Kind::patch && dice.falls(20)) rule.fault = Fault::no_none;
  rule.status = dice.one_of({500, 503, 408, 429, 429});
  if (rule.fault == Fault::status && dice.falls(60)) rule.retry_after = std::to_string(dice.up_to(90));
  if (rule.fault == Fault::status && rule.status != 429 && dice.falls(40))
    rule.effect = simulator::FaultEffect::before;
  rule.probability = 0.02 * dice.up_to(12);
  return rule;
}

struct Draw {
  simulator::World world;
  std::map<std::string, std::string> ends;
};

Draw draw_world(Dice& dice, std::uint64_t seed) {
  Draw draw;
  std::vector<simulator::Customer> customers;
  for (int n = 1; n <= k_tenants; ++n) {
    auto& end = draw.ends[id_of(n)];
    auto customer = customer_for(dice, n, end);
    if (end != "failed") customers.push_back(std::move(customer));
  }
  draw.world = world_of(std::move(customers));
  draw.world.seed = seed;
  draw.world.page_size = static_cast<std::size_t>(dice.up_to(2));
  draw.world.after_removal =
      dice.one_of({simulator::AfterRemoval::forbidden, simulator::AfterRemoval::none_answer});
  draw.world.next_link_form = dice.one_of(
      {simulator::NextLinkForm::plain, simulator::NextLinkForm::v1, simulator::NextLinkForm::absolute});
  draw.world.removal_lag = dice.one_of({milliseconds(0), milliseconds(2000), milliseconds(600'000)});
  draw.world.blockers = dice.one_of({simulator::Blockers::enforced, simulator::Blockers::let_through});
  draw.world.sign_in.access_token_life = dice.one_of({seconds(300), seconds(3600)});
  for (int i = dice.up_to(4); i > 0; --i) draw.world.faults.push_back(a_fault(dice));
  if (dice.falls(30)) {
    simulator::ThrottleRule rule;
    rule.scope = dice.one_of({simulator::ThrottleScope::partner, simulator::ThrottleScope::customer});
    rule.limit = rule.scope == simulator::ThrottleScope::partner ? 15 : 5;
    rule.per = seconds(10);
    draw.world.throttles.push_back(rule);
  }
  return draw;
}

void draw_settings(Dice& dice, std::uint64_t seed, Night& night) {
  night.list.clear();
  for (int n = 1; n <= k_tenants; ++n) night.list.push_back(listed(n));
  night.seed = night.plan.seed = seed;
  night.plan.size = static_cast<std::size_t>(1 + dice.up_to(5));
  night.plan.longest_way = milliseconds(10 + dice.up_to(1500));
  night.job.policy.recheck_after = dice.one_of({seconds(40), seconds(120), seconds(600)});
  if (dice.falls(25)) night.job.policy.max_patches = 1 + dice.up_to(4);
}

enum class Disturbance { none, stop, crash };

void calm(Night& night) {
  night.plan.alarms.clear();
  night.plan.on_hand_out = nullptr;
  night.plan.on_wait = nullptr;
}

/// What may happen to one run.
Disturbance disturb(Dice& dice, Night& night) {
  if (dice.falls(60)) return Disturbance::none;
  if (dice.falls(50)) {
    night.plan.alarms = {{milliseconds(dice.up_to(20'000)), [&] { night.ask_to_stop(); }}};
    return Disturbance::stop;
  }
  const auto count = [k = 1 + dice.up_to(80), step = std::make_shared<int>(0)] {
    if (++*step == k) throw Crash{};
  };
  night.plan.on_hand_out = [count](const Errand&) { count(); };
  night.plan.on_wait = count;
  return Disturbance::crash;
}

/// Runs the job until a run has nothing left to do. The number of runs; more than k_most_runs: never.
int run_to_the_end(Dice& dice, Night& night, bool& undisturbed) {
  for (int run = 1; run <= k_most_runs; ++run) {
    calm(night);
    const auto disturbance = run <= 5 ? disturb(dice, night) : Disturbance::none;
    if (disturbance != Disturbance::none) undisturbed = false;
    try {
      const auto mode = run == 1 && dice.falls(20) ? Mode::check : Mode::run;
      const int code = exit_code_of(night.run(mode));
      if (code != 5 && code != 7 && mode == Mode::run) return run;
    } catch (const Crash&) {
    }
    night.clock.advance(seconds(dice.up_to(1200)));
  }
  return k_most_runs + 1;
}

/// Which seeds to play: 1 to 200, or from OFFBOARD_FIRST_SEED on, OFFBOARD_NIGHTS of them.
std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing here changes the environment.
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::stoull(text);
}

struct Tally {
  int removals = 0;
  int repeated = 0;  // tenants with more than one PATCH
};

void play(std::uint64_t seed, Tally& tally) {
  Dice dice(seed);
  auto draw = draw_world(dice, seed);
  Night night(std::move(draw.world));
  draw_settings(dice, seed, night);
  CAPTURE(seed);
  bool undisturbed = true;
  CHECK(run_to_the_end(dice, night, undisturbed) <= k_most_runs);
  CHECK(told(night.states()) == told(draw.ends));
  CHECK(night.broken_promises() == k_nothing);
  CHECK(night.trouble_with_history() == k_nothing);
  for (int n = 1; n <= k_tenants; ++n) {
    const auto received = static_cast<std::int64_t>(night.log(n, Kind::patch).size());
    const auto attempts = night.row(n).attempts;
    if (undisturbed) CHECK(attempts == received);
    CHECK(attempts >= received);
    tally.repeated += received > 1 ? 1 : 0;
  }
  tally.removals += night.count(simulator::Effect::removed);
}

}  // namespace

TEST_CASE("hundreds of nights drawn from seeds break no promise and end as their worlds say") {
  const auto first = number_from_environment("OFFBOARD_FIRST_SEED", 1);
  const auto nights = number_from_environment("OFFBOARD_NIGHTS", 200);
  Tally tally;
  for (std::uint64_t seed = first; seed < first + nights; ++seed) play(seed, tally);
  // They were not all quiet ones.
  CHECK(static_cast<std::uint64_t>(tally.removals) > 3 * nights);
  CHECK(static_cast<std::uint64_t>(tally.repeated) > nights / 5);
}

}  // namespace offboard::test
