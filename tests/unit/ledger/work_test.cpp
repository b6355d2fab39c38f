#include "ledger_for_tests.hpp"

namespace offboard::test {
namespace {

std::string digits_of(const std::vector<Work>& all) {
  std::string digits;
  for (const auto& work : all) digits += work.listed.tenant_id.text()[0];
  return digits;
}

const std::vector<State> k_to_patching = {State::checked, State::ready, State::patching};

/// Brings a tenant to `patching` with an open PATCH.
void begin_patch(Ledger& ledger, char digit) {
  auto change = change_of(Given::work_on(ledger, digit), k_to_patching);
  change.open_patch = OpenPatch{guid('c'), guid('d')};
  change.attempts = 1;
  ledger.commit({change}, {});
}

}  // namespace

TEST_CASE(
    "the work is every tenant on the list that is not finished, in the list's order but for the blocked") {
  const Given given;
  Ledger ledger(given.file);
  begin_run(ledger, run_start('a'), list_of("8765432"), FailedTenants::leave);
  ledger.commit({change_of(Given::work_on(ledger, '7'), {State::failed}),
                 change_of(Given::work_on(ledger, '6'), {State::checked, State::patched}),
                 change_of(Given::work_on(ledger, '5'), {State::checked, State::blocked}),
                 change_of(Given::work_on(ledger, '4'), {State::checked, State::ready}),
                 change_of(Given::work_on(ledger, '3'), {State::checked})},
                {});
  CHECK(digits_of(ledger.work()) == "84325");
}

TEST_CASE("tenants with an open PATCH come first") {
  const Given given;
  Ledger ledger(given.file);
  begin_run(ledger, run_start('a'), list_of("1234"), FailedTenants::leave);
  begin_patch(ledger, '4');
  begin_patch(ledger, '2');
  CHECK(digits_of(ledger.work()) == "2413");
}

TEST_CASE("those blocked last time come after the others, and of each whoever met trouble comes at the end") {
  const Given given;
  Ledger ledger(given.file);
  begin_run(ledger, run_start('a'), list_of("12345678"), FailedTenants::leave);
  auto in_trouble = change_of(Given::work_on(ledger, '2'), {});
  in_trouble.evidence = evidence(503);
  auto blocked_in_trouble = change_of(Given::work_on(ledger, '3'), {State::checked, State::blocked});
  blocked_in_trouble.evidence = evidence(0, "timeout");
  auto sound = change_of(Given::work_on(ledger, '6'), {State::checked, State::ready});
  sound.evidence = evidence(200);
  ledger.commit({in_trouble, blocked_in_trouble, sound,
                 change_of(Given::work_on(ledger, '1'), {State::checked, State::blocked})},
                {});
  begin_patch(ledger, '8');
  CHECK(digits_of(ledger.work()) == "84567213");
}

TEST_CASE("page by page, the work is the same, in the same order, whatever a page holds") {
  const Given given;
  Ledger ledger(given.file);
  begin_run(ledger, run_start('a'), list_of("123456789abcdef"), FailedTenants::leave);
  for (const char digit : std::string("9fe")) begin_patch(ledger, digit);
  ledger.commit({change_of(Given::work_on(ledger, '1'), {State::checked, State::blocked}),
                 change_of(Given::work_on(ledger, '7'), {State::failed})},
                {});
  // Two off the list, with an open PATCH: they have no place on it to be told apart by.
  begin_run(ledger, run_start('b'), list_of("12345678abcdf"), FailedTenants::leave);
  const auto whole = digits_of(ledger.work());
  CHECK(whole == "9ef234568abcd1");
  const auto count = ledger.work_count();
  CHECK(count.listed == 12);
  CHECK(count.withdrawn == 2);
  for (std::int64_t at_most = 1; at_most <= 16; ++at_most) {
    std::string digits;
    WorkPlace last;
    for (auto page = ledger.work(last, at_most); !page.empty(); page = ledger.work(last, at_most)) {
      CHECK(static_cast<std::int64_t>(page.size()) <= at_most);
      digits += digits_of(page);
      last = page.back().place;
    }
    CAPTURE(at_most);
    CHECK(digits == whole);
  }
}

TEST_CASE("an open PATCH keeps its ids through blocked, off the list and back") {
  const Given given;
  {
    Ledger ledger(given.file);
    begin_run(ledger, run_start('a'), list_of("12"), FailedTenants::leave);
    begin_patch(ledger, '1');
    ledger.commit({change_of(Given::work_on(ledger, '1'), {State::checked, State::blocked})}, {});
  }
  const auto check_open = [](const Ledger& ledger, State state) {
    const auto work = Given::work_on(ledger, '1');
    CHECK(work.state == state);
    REQUIRE(work.open_patch);
    CHECK(work.open_patch->request_id == guid('c'));
    CHECK(work.open_patch->correlation_id == guid('d'));
    CHECK(work.attempts == 1);
    CHECK(digits_of(ledger.work()) == "12");
  };
  {
    Ledger ledger(given.file);
    check_open(ledger, State::blocked);
    begin_run(ledger, run_start('b'), list_of("2"), FailedTenants::leave);
    check_open(ledger, State::withdrawn);
    begin_run(ledger, run_start('d'), list_of("12"), FailedTenants::leave);
    check_open(ledger, State::pending);
  }
}

TEST_CASE("a tenant that left the list without an open PATCH is no work") {
  const Given given;
  given.begin('a', list_of("12"));
  given.begin('b', list_of("2"));
  CHECK(digits_of(Ledger(given.file).work()) == "2");
}

TEST_CASE("a tenant that left the list is finished as patched when its open PATCH turns out to have worked") {
  const Given given;
  Ledger ledger(given.file);
  begin_run(ledger, run_start('a'), list_of("12"), FailedTenants::leave);
  begin_patch(ledger, '1');
  begin_run(ledger, run_start('b'), list_of("2"), FailedTenants::leave);
  auto change = change_of(Given::work_on(ledger, '1'), {State::patched});
  change.open_patch.reset();
  ledger.commit({change}, {});
  CHECK(given.state_of('1') == "patched");
  CHECK(digits_of(ledger.work()) == "2");
  CHECK(given.findings().empty());
}

TEST_CASE("the time before which the service does not want a tenant is kept, and can be taken back") {
  const Given given;
  Ledger ledger(given.file);
  begin_run(ledger, run_start('a'), list_of("1"), FailedTenants::leave);
  auto change = change_of(Given::work_on(ledger, '1'), {});
  change.wait = Wait{time_at(0), time_at(600)};
  ledger.commit({change}, {});
  CHECK(Given::work_on(Ledger(given.file), '1').wait->until == time_at(600));
  change.wait.reset();
  ledger.commit({change}, {});
  CHECK_FALSE(Given::work_on(ledger, '1').wait);
}

TEST_CASE("a wait noted by a clock that was set back since begins anew, and one by a sound clock goes on") {
  const Given given;
  Ledger ledger(given.file);
  auto start = run_start('a');
  start.at = time_at(1000);
  begin_run(ledger, start, list_of("12"), FailedTenants::leave);
  const auto a_year = std::chrono::hours(24 * 365);
  auto hasty = change_of(Given::work_on(ledger, '1'), {});
  hasty.wait = Wait{time_at(1000) + a_year, time_at(1060) + a_year};
  auto sound = change_of(Given::work_on(ledger, '2'), {});
  sound.wait = Wait{time_at(1000), time_at(1060)};
  ledger.commit({hasty, sound}, {});
  ledger.set_service_wait({time_at(1000) + a_year, time_at(1090) + a_year});
  start = run_start('b');
  start.at = time_at(1010);
  begin_run(ledger, start, list_of("12"), FailedTenants::leave);
  CHECK(Given::work_on(ledger, '1').wait->until == time_at(1070));
  CHECK(Given::work_on(ledger, '2').wait->until == time_at(1060));
  CHECK(ledger.service_not_before() == time_at(1100));
}

TEST_CASE("the time before which the service wants nobody is kept over the runs") {
  const Given given;
  {
    Ledger ledger(given.file);
    CHECK_FALSE(ledger.service_not_before());
    ledger.set_service_wait({time_at(0), time_at(30)});
  }
  CHECK(Ledger(given.file).service_not_before() == time_at(30));
}

TEST_CASE("what was learned of the service's quota is kept over the runs, the last word of it") {
  const Given given;
  {
    Ledger ledger(given.file);
    CHECK_FALSE(ledger.pace());
    ledger.set_pace({36000, 12000, false, time_at(0)});
    ledger.set_pace({28800, 40000, true, time_at(30)});
  }
  const auto pace = Ledger(given.file).pace();
  REQUIRE(pace);
  CHECK(pace->per_hour == 28800);
  CHECK(pace->trial_after == 40000);
  CHECK(pace->is_of_windows);
  CHECK(pace->learned_at == time_at(30));
}

}  // namespace offboard::test
