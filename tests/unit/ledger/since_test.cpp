#include "ledger_for_tests.hpp"

namespace offboard::test {
namespace {

/// A blocked tenant, checked again and again.
struct Checked : Given {
  Ledger ledger{file};
  Checked() { begin_run(ledger, run_start('a'), list_of("12"), FailedTenants::leave); }

  void check(const std::vector<Blocker>& found, int second) {
    const auto work = work_on(ledger, '1');
    auto change = change_of(work, {State::checked, State::blocked}, second);
    change.check = CheckRecord{time_at(second), "", "", "reseller", 0, 0};
    change.blockers = found;
    ledger.commit({change}, {});
  }

  /// "code object since" of each, in the order recorded.
  [[nodiscard]] std::vector<std::string> recorded() const {
    std::vector<std::string> all;
    for (const auto& row : blocker_rows(file))
      all.push_back(row.code + " " + row.object_id + " " + row.since);
    return all;
  }
};

const auto k_software = blocker(BlockerCode::software, "order");
const auto k_active = blocker(BlockerCode::active_subscription, "sub");

std::string entry(const std::string& what, int second) {
  return what + " " + iso_text(time_at(second));
}

}  // namespace

TEST_CASE("a blocker is recorded with when it was first seen") {
  Checked given;
  given.check({k_software, k_active}, 10);
  CHECK(given.recorded() == std::vector{entry("software order", 10), entry("active-subscription sub", 10)});
}

TEST_CASE("a blocker that stays keeps its time, a new one gets its own, one that went is gone") {
  Checked given;
  given.check({k_software, k_active}, 10);
  given.check({blocker(BlockerCode::savings_plan, "plan"), k_software}, 20);
  CHECK(given.recorded() == std::vector{entry("savings-plan plan", 20), entry("software order", 10)});
  given.check({k_active, k_software}, 30);
  CHECK(given.recorded() == std::vector{entry("active-subscription sub", 30), entry("software order", 10)});
}

TEST_CASE("another code for the same object, or the same code for another object, is a new blocker") {
  Checked given;
  given.check({blocker(BlockerCode::active_subscription, "x")}, 10);
  given.check(
      {blocker(BlockerCode::pending_subscription, "x"), blocker(BlockerCode::active_subscription, "y")}, 20);
  CHECK(given.recorded() ==
        std::vector{entry("pending-subscription x", 20), entry("active-subscription y", 20)});
}

TEST_CASE("a blocker that stays takes over its new name, status and advice") {
  Checked given;
  given.check({k_active}, 10);
  given.check({{BlockerCode::active_subscription, "sub", "renamed", "ACTIVE", "do more"}}, 20);
  const auto rows = blocker_rows(given.file);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].object_name == "renamed");
  CHECK(rows[0].object_status == "ACTIVE");
  CHECK(rows[0].what_to_do == "do more");
  CHECK(rows[0].since == iso_text(time_at(10)));
}

TEST_CASE("a blocker keeps its time over the runs") {
  const Given given;
  const auto check = [&](char run, int second) {
    Ledger ledger(given.file);
    begin_run(ledger, run_start(run), list_of("1"), FailedTenants::leave);
    auto change = change_of(Given::work_on(ledger, '1'), {State::checked, State::blocked}, second);
    change.check = CheckRecord{time_at(second), "", "", "reseller", 0, 0};
    change.blockers = {k_software};
    ledger.commit({change}, {});
  };
  check('a', 10);
  check('b', 1000);
  REQUIRE(blocker_rows(given.file).size() == 1);
  CHECK(blocker_rows(given.file)[0].since == iso_text(time_at(10)));
}

TEST_CASE("a change that says nothing of blockers leaves them, an empty list takes them away") {
  Checked given;
  given.check({k_software}, 10);
  given.ledger.commit({change_of(Given::work_on(given.ledger, '1'), {})}, {});
  CHECK(given.recorded().size() == 1);
  auto change = change_of(Given::work_on(given.ledger, '1'), {State::checked, State::ready});
  change.blockers.emplace();
  given.ledger.commit({change}, {});
  CHECK(given.recorded().empty());
}

TEST_CASE("the blockers of a tenant are read back as they were recorded, in order, and only its own") {
  Checked given;
  given.check({k_software, k_active}, 10);
  CHECK(given.ledger.blockers_of(Given::work_on(given.ledger, '1').number) ==
        std::vector{k_software, k_active});
  CHECK(given.ledger.blockers_of(Given::work_on(given.ledger, '2').number).empty());
}

TEST_CASE("every blocker code can be recorded and read back") {
  Checked given;
  std::vector<Blocker> all;
  for (const auto code : k_all_blocker_codes) all.push_back(blocker(code, "object"));
  given.check(all, 10);
  CHECK(given.ledger.blockers_of(1) == all);
}

}  // namespace offboard::test
