#include "ledger_for_tests.hpp"

namespace offboard::test {
namespace {

CheckRecord check_at(int second, const std::string& terms) {
  CheckRecord check;
  check.at = time_at(second);
  check.terms = terms;
  return check;
}

Change blocked_change(const Work& work, const Blocker& found, const std::string& terms = "terms") {
  auto change = change_of(work, {State::checked, State::blocked});
  change.check = check_at(1, terms);
  change.blockers = std::vector<Blocker>{found};
  return change;
}

}  // namespace

TEST_CASE("a blocker is kept with the side it was seen on") {
  const Given given;
  Ledger ledger(given.file);
  begin_run(ledger, run_start('a'), list_of("1"), FailedTenants::leave);
  auto found = blocker(BlockerCode::unrecognized, "s1");
  found.side = Side::subscriptions;
  ledger.commit({blocked_change(Given::work_on(ledger, '1'), found)}, {});
  CHECK(ledger.blockers_of(Given::work_on(ledger, '1').number) == std::vector<Blocker>{found});
}

TEST_CASE("the work on a blocked tenant says when everything was last read, and on what terms") {
  const Given given;
  Ledger ledger(given.file);
  begin_run(ledger, run_start('a'), list_of("12"), FailedTenants::leave);
  ledger.commit({blocked_change(Given::work_on(ledger, '1'), blocker(BlockerCode::software, "o1"))}, {});
  const auto work = Given::work_on(ledger, '1');
  REQUIRE(work.full_check.has_value());
  CHECK(work.full_check->at == time_at(1));
  CHECK(work.full_check->terms == "terms");
  CHECK_FALSE(Given::work_on(ledger, '2').full_check.has_value());
}

TEST_CASE("a look at one side moves the time of the check, and not that of the full check") {
  const Given given;
  Ledger ledger(given.file);
  begin_run(ledger, run_start('a'), list_of("1"), FailedTenants::leave);
  ledger.commit({blocked_change(Given::work_on(ledger, '1'), blocker(BlockerCode::software, "o1"))}, {});
  auto change = change_of(Given::work_on(ledger, '1'), {});
  change.looked_at = time_at(99);
  ledger.commit({change}, {});
  CHECK(tenant_rows(given.file).front().checked_at == iso_text(time_at(99)));
  CHECK(Given::work_on(ledger, '1').full_check->at == time_at(1));
}

TEST_CASE("a blocker that a look at one side brings is there since that look") {
  const Given given;
  Ledger ledger(given.file);
  begin_run(ledger, run_start('a'), list_of("1"), FailedTenants::leave);
  ledger.commit({blocked_change(Given::work_on(ledger, '1'), blocker(BlockerCode::software, "o1"))}, {});
  auto change = change_of(Given::work_on(ledger, '1'), {State::checked, State::blocked});
  change.looked_at = time_at(99);
  change.blockers =
      std::vector<Blocker>{blocker(BlockerCode::software, "o1"), blocker(BlockerCode::software, "o2")};
  ledger.commit({change}, {});
  const auto rows = blocker_rows(given.file);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].since == iso_text(time_at(1)));
  CHECK(rows[1].since == iso_text(time_at(99)));
}

TEST_CASE("a full check that found nothing in the way leaves no terms to go by") {
  const Given given;
  Ledger ledger(given.file);
  begin_run(ledger, run_start('a'), list_of("1"), FailedTenants::leave);
  ledger.commit({blocked_change(Given::work_on(ledger, '1'), blocker(BlockerCode::software, "o1"))}, {});
  auto change = change_of(Given::work_on(ledger, '1'), {State::checked, State::ready});
  change.check = check_at(2, "");
  ledger.commit({change}, {});
  CHECK_FALSE(Given::work_on(ledger, '1').full_check.has_value());
}

TEST_CASE("a tenant found on the service's list is work if nothing speaks against taking it up early") {
  const Given given;
  Ledger ledger(given.file);
  begin_run(ledger, run_start('a'), list_of("1234567"), FailedTenants::leave);
  auto troubled = change_of(Given::work_on(ledger, '2'), {});
  troubled.evidence = evidence(503, "");
  auto waiting = change_of(Given::work_on(ledger, '3'), {});
  waiting.wait = Wait{time_at(), time_at(60)};
  auto open = change_of(Given::work_on(ledger, '4'), {State::checked, State::ready, State::patching});
  open.open_patch = OpenPatch{guid('c'), guid('d')};
  auto cut = change_of(Given::work_on(ledger, '7'), {});
  cut.evidence = evidence(0, "cut");
  ledger.commit({troubled, waiting, open, cut, change_of(Given::work_on(ledger, '5'), {State::failed}),
                 change_of(Given::work_on(ledger, '6'), {State::checked, State::ready})},
                {});
  const auto is_work = [&](char digit) { return ledger.untroubled_work_of(guid(digit)).has_value(); };
  CHECK(is_work('1'));
  CHECK(is_work('6'));
  for (const char digit : {'2', '3', '4', '5', '7', '9'}) CHECK_FALSE(is_work(digit));
  begin_run(ledger, run_start('b'), list_of("2"), FailedTenants::leave);
  CHECK_FALSE(is_work('1'));
}

}  // namespace offboard::test
