#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <optional>

#include "base/file_lock.hpp"
#include "night.hpp"

namespace offboard::test {
namespace {

using simulator::Effect;
using simulator::Kind;

simulator::FaultRule sign_in_trouble(int status, int first, const std::string& retry_after = "") {
  return fault_of({Kind::token, status, first, 0, retry_after});
}

}  // namespace

TEST_CASE("one sign-in serves all workers") {
  Night night(ready_world(20));
  night.plan.size = 8;
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.count(Kind::token) == 1);
  CHECK(night.count(Effect::unauthorized) == 0);
}

TEST_CASE("the token is renewed before it ends, so that no request meets a 401") {
  auto world = ready_world(30);
  world.sign_in.access_token_life = std::chrono::minutes(10);
  Night night(std::move(world));
  night.plan.one_way = [](const Ask& ask) {
    return is_sign_in(ask.what) ? milliseconds(10) : milliseconds(seconds(23));
  };
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.clock.passed() > std::chrono::minutes(10));
  CHECK(night.count(Kind::token) >= 2);
  CHECK(night.count(Effect::unauthorized) == 0);
}

TEST_CASE("tokens that end before they arrive lead to the end of the run, and not to sign-ins for ever") {
  auto world = ready_world(2);
  world.sign_in.access_token_life = seconds(2);
  Night night(std::move(world));
  night.plan.one_way = [](const Ask&) { return seconds(5); };
  night.plan.most_waits = 1000;
  RunOutcome outcome;
  REQUIRE_NOTHROW(outcome = night.run());
  CHECK(exit_code_of(outcome) == 7);
  CHECK(night.count(Kind::token) <= 3);
}

TEST_CASE("the rotated refresh token is kept, and the next sign-in uses it") {
  auto world = ready_world(2);
  world.sign_in.strict_rotation = true;
  Night night(std::move(world));
  CHECK(exit_code_of(night.run(Mode::check)) == 0);
  CHECK(night.stored_refresh_token() == night.service.sign_in().current_refresh_token());
  CHECK(night.stored_refresh_token() != k_refresh_token);
  CHECK(exit_code_of(night.run()) == 0);
}

TEST_CASE("the rotated refresh token is on disk before the first request that its sign-in made possible") {
  Night night(ready_world(1));
  std::string stored;
  night.plan.on_hand_out = [&](const Errand& errand) {
    if (!is_sign_in(errand.ask.what) && stored.empty()) stored = night.stored_refresh_token();
  };
  static_cast<void>(night.run());
  CHECK(stored == night.service.sign_in().current_refresh_token());
}

TEST_CASE("a refresh token that was not rotated stays as it is") {
  auto world = ready_world(1);
  world.sign_in.rotate = false;
  Night night(std::move(world));
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.stored_refresh_token() == k_refresh_token);
}

TEST_CASE("a 401 leads to one new sign-in and then goes on, on reads and on the PATCH") {
  for (const auto kind : {Kind::customer, Kind::subscriptions, Kind::entitlements, Kind::patch}) {
    auto world = ready_world(1);
    world.faults.push_back(fault_of({kind, 401, 1, 0, ""}));
    Night night(std::move(world));
    CHECK(exit_code_of(night.run()) == 0);
    CHECK(night.count(Kind::token) == 2);
    CHECK(night.broken_promises() == k_nothing);
  }
}

TEST_CASE("401s that several workers meet with the same token lead to one new sign-in") {
  auto world = ready_world(4);
  world.faults.push_back(fault_of({Kind::customer, 401, 1, 0, ""}));
  Night night(std::move(world));
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.count(Kind::token) == 2);
}

TEST_CASE("a second 401 in a row ends the run: somebody must sign in") {
  auto world = ready_world(5);
  auto rule = fault_of({Kind::customer, 401, 2, 1, ""});
  rule.code = "900421";
  rule.description = "MFA is required.";
  world.faults.push_back(rule);
  Night night(std::move(world));
  const auto outcome = night.run();
  CHECK(outcome.ending == Ending::signed_out);
  CHECK(outcome.error_code == "900421");
  CHECK(exit_code_of(outcome) == 7);
  CHECK(night.runs().back().outcome == "signed-out");
}

TEST_CASE("a refused sign-in ends the run with the service's own code, and nothing else is asked") {
  auto world = ready_world(3);
  world.sign_in.refuse = "700082";
  Night night(std::move(world));
  const auto outcome = night.run();
  CHECK(outcome.ending == Ending::signed_out);
  CHECK(outcome.error_code == "AADSTS700082");
  CHECK(exit_code_of(outcome) == 7);
  CHECK(outcome.left == 3);
  CHECK(night.service.log().size() == 1);
  CHECK(night.stored_refresh_token() == k_refresh_token);
}

TEST_CASE("missing credentials end the run without a request") {
  Night night(ready_world(3));
  std::filesystem::remove(night.job.partner_center.refresh_token_file);
  const auto outcome = night.run();
  CHECK(exit_code_of(outcome) == 7);
  CHECK(night.service.log().empty());
  CHECK(night.listener.stops.size() == 1);
}

TEST_CASE("a sign-in service that stumbles is asked again") {
  auto world = ready_world(3);
  world.faults.push_back(sign_in_trouble(503, 3));
  Night night(std::move(world));
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.count(Kind::token) == 4);
}

TEST_CASE("a sign-in service that does not answer max_attempts times is unavailable") {
  auto world = ready_world(3);
  world.faults.push_back(sign_in_trouble(503, 0));
  Night night(std::move(world));
  const auto outcome = night.run();
  CHECK(outcome.ending == Ending::service_unavailable);
  CHECK(exit_code_of(outcome) == 5);
  CHECK(night.count(Kind::token) == night.job.retry.max_attempts);
  CHECK(outcome.left == 3);
}

TEST_CASE("a throttled sign-in waits as long as it is told") {
  auto world = ready_world(1);
  world.faults.push_back(sign_in_trouble(429, 1, "50"));
  Night night(std::move(world));
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.clock.passed() >= seconds(50));
}

TEST_CASE("throttled sign-ins use up no attempts") {
  auto world = ready_world(1);
  world.faults.push_back(sign_in_trouble(429, 10, "1"));
  auto later = sign_in_trouble(503, 0);
  later.nth = {11};
  world.faults.push_back(later);
  Night night(std::move(world));
  CHECK(exit_code_of(night.run()) == 0);
}

TEST_CASE("a sign-in that is told to wait longer than max_wait ends the run with 5") {
  auto world = ready_world(1);
  world.faults.push_back(sign_in_trouble(429, 1, "3600"));
  Night night(std::move(world));
  const auto outcome = night.run();
  CHECK(outcome.ending == Ending::throttled_too_long);
  CHECK(exit_code_of(outcome) == 5);
}

TEST_CASE(
    "a sign-in whose answer got lost is made again, and a rotation that got lost with it does no harm") {
  auto world = ready_world(2);
  world.faults.push_back(fault_of(Kind::token, simulator::Fault::reset_after, 1));
  Night night(std::move(world));
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.stored_refresh_token() == night.service.sign_in().current_refresh_token());
}

TEST_CASE("while another program renews the same refresh token nobody signs in; then its new one is used") {
  auto world = ready_world(2);
  world.sign_in.strict_rotation = true;
  Night night(std::move(world));
  const auto file = night.job.partner_center.refresh_token_file;
  std::ofstream(file) << "used-up-by-the-other";
  std::optional<FileLock> other(FileLock::take(file).value());
  int asked_meanwhile = -1;
  night.plan.alarms = {{seconds(5), [&] {
                          asked_meanwhile = night.count(Kind::token);
                          std::ofstream(file) << k_refresh_token;
                          other.reset();
                        }}};
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(asked_meanwhile == 0);
  CHECK(night.count(Kind::token) == 1);
  CHECK(night.clock.passed() >= seconds(5));
}

TEST_CASE("a program that keeps the refresh token to itself for ever ends the run with 5, nobody asked") {
  Night night(ready_world(2));
  const auto lock = FileLock::take(night.job.partner_center.refresh_token_file);
  const auto outcome = night.run();
  CHECK(outcome.ending == Ending::service_unavailable);
  CHECK_THAT(outcome.why, Catch::Contains(night.job.partner_center.refresh_token_file.string()));
  CHECK(night.service.log().empty());
}

TEST_CASE("the refresh token is nobody else's while a sign-in is out, and everybody's afterwards") {
  auto world = ready_world(2);
  world.faults.push_back(sign_in_trouble(503, 1));
  Night night(std::move(world));
  const auto file = night.job.partner_center.refresh_token_file;
  const auto is_free = [&] { return FileLock::take(file).has_value(); };
  std::vector<bool> while_out;
  std::vector<bool> afterwards;
  night.plan.on_hand_out = [&](const Errand& errand) {
    (is_sign_in(errand.ask.what) ? while_out : afterwards).push_back(is_free());
  };
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(while_out == std::vector<bool>{false, false});
  CHECK(std::count(afterwards.begin(), afterwards.end(), false) == 0);
  CHECK(is_free());
}

TEST_CASE("a refused refresh token that somebody has replaced meanwhile is no reason to give up") {
  Night night(ready_world(2));
  const auto file = night.job.partner_center.refresh_token_file;
  std::ofstream(file) << "revoked";
  night.plan.on_hand_out = [&](const Errand& errand) {
    if (is_sign_in(errand.ask.what) && night.count(Kind::token) == 0) std::ofstream(file) << k_refresh_token;
  };
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.count(Kind::token) == 2);
}

TEST_CASE(
    "a refresh token refused after the answer to an earlier sign-in was lost may have been replaced then") {
  auto world = ready_world(1);
  world.sign_in.strict_rotation = true;
  world.faults.push_back(fault_of(Kind::token, simulator::Fault::reset_after, 1));
  Night night(std::move(world));
  // Whatever the clock of the file system counts in, the token is older than what comes now.
  std::filesystem::last_write_time(night.job.partner_center.refresh_token_file,
                                   std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
  const auto first = night.run();
  CHECK(exit_code_of(first) == 7);
  CHECK_THAT(first.why, Catch::Contains("may have replaced the token"));
  CHECK(night.stored_refresh_token() == k_refresh_token);
  CHECK_THAT(night.run().why, Catch::Contains("may have replaced the token"));
}

TEST_CASE("a refresh token refused for another reason is not said to have been replaced") {
  for (const auto kind : {503, 429, 0}) {
    auto world = ready_world(1);
    if (kind != 0) world.faults.push_back(sign_in_trouble(kind, 1, "1"));
    Night night(std::move(world));
    // The first run is to leave nothing behind that speaks of a lost answer: all its answers came.
    CHECK(exit_code_of(night.run(Mode::check)) == 0);
    std::ofstream(night.job.partner_center.refresh_token_file) << "revoked";
    const auto outcome = night.run();
    CHECK(exit_code_of(outcome) == 7);
    CHECK_THAT(outcome.why, !Catch::Contains("may have replaced"));
  }
}

}  // namespace offboard::test
