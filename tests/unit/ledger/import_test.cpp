#include "ledger_for_tests.hpp"

namespace offboard::test {
namespace {

/// A tenant's moves as history tells them, joined: "pending checked ready".
std::string path_of(const Given& given, char digit) {
  std::string path;
  for (const auto& row : history_rows(given.file)) {
    if (row.tenant_id != guid(digit).text()) continue;
    if (!path.empty()) path += ' ';
    path += row.to_state;
  }
  return path;
}

ImportCounts import(const Given& given, char run, const TenantList& list,
                    FailedTenants failed = FailedTenants::leave) {
  Ledger ledger(given.file);
  return begin_run(ledger, run_start(run), list, failed);
}

}  // namespace

TEST_CASE("a new tenant is pending, in the order of the list, with what the list says") {
  const Given given;
  TenantList list = list_of("321");
  list[1].note = "CHG-42";
  const auto counts = import(given, 'a', list);
  CHECK(counts.listed == 3);
  CHECK(counts.added == 3);
  CHECK(counts.withdrawn == 0);
  const auto rows = tenant_rows(given.file);
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].tenant_id == guid('3').text());
  CHECK(rows[1].tenant_id == guid('2').text());
  CHECK(rows[1].company_name == "Company 2");
  CHECK(rows[1].domain == "2.example");
  CHECK(rows[1].note == "CHG-42");
  CHECK(rows[1].state == "pending");
  CHECK(rows[1].run_id == guid('a').text());
  const auto history = history_rows(given.file);
  REQUIRE(history.size() == 3);
  CHECK(history[0].from_state.empty());
  CHECK(history[0].to_state == "pending");
  CHECK(history[0].reason == "listed");
  CHECK(history[0].at == "2026-11-23T01:38:07.123Z");
  CHECK(history[0].run_id == guid('a').text());
}

TEST_CASE("the same list again changes no state and adds no history") {
  const Given given;
  import(given, 'a', list_of("12"));
  given.move('b', list_of("12"), '1', {State::checked, State::ready});
  const auto before = history_rows(given.file).size();
  const auto counts = import(given, 'c', list_of("12"));
  CHECK(counts.listed == 2);
  CHECK(counts.added == 0);
  CHECK(counts.withdrawn == 0);
  CHECK(history_rows(given.file).size() == before);
  CHECK(given.state_of('1') == "ready");
}

TEST_CASE("a tenant that has left the list is withdrawn, from any state but patched") {
  const Given given;
  const std::vector<std::vector<State>> paths = {
      {},
      {State::checked},
      {State::checked, State::blocked},
      {State::checked, State::ready},
      {State::checked, State::ready, State::patching},
      {State::failed},
  };
  const auto all = list_of("1234567");
  import(given, 'a', all);
  for (std::size_t i = 0; i < paths.size(); ++i)
    if (!paths[i].empty())
      given.move(static_cast<char>('b' + i % 5), all, static_cast<char>('1' + i), paths[i]);
  const auto counts = import(given, '0', list_of("7"));
  CHECK(counts.withdrawn == 6);
  for (const char digit : std::string("123456")) {
    INFO(digit);
    CHECK(given.state_of(digit) == "withdrawn");
  }
  CHECK(given.state_of('7') == "pending");
  CHECK(tenant_rows(given.file).size() == 1);
  CHECK(history_rows(given.file).back().reason == "off-the-list");
  CHECK(given.findings().empty());
}

TEST_CASE("a tenant that returns starts again from pending, with what the list says now") {
  const Given given;
  import(given, 'a', list_of("12"));
  given.move('b', list_of("12"), '1', {State::checked, State::blocked});
  import(given, 'c', list_of("2"));
  auto list = list_of("21");
  list[1].company_name = "New name";
  const auto counts = import(given, 'd', list);
  CHECK(counts.added == 0);
  CHECK(path_of(given, '1') == "pending checked blocked withdrawn pending");
  CHECK(history_rows(given.file).back().reason == "listed-again");
  const auto rows = tenant_rows(given.file);
  REQUIRE(rows.size() == 2);
  CHECK(rows[1].company_name == "New name");
  CHECK(rows[1].blockers.empty());
}

TEST_CASE("a patched tenant stays patched when it leaves the list and when it returns") {
  const Given given;
  import(given, 'a', list_of("12"));
  given.move('b', list_of("12"), '1', {State::checked, State::ready, State::patching, State::patched});
  const auto patched_at = tenant_rows(given.file)[0].patched_at;
  import(given, 'c', list_of("2"));
  CHECK(given.state_of('1') == "patched");
  CHECK(tenant_rows(given.file).size() == 1);
  import(given, 'd', list_of("12"));
  CHECK(given.state_of('1') == "patched");
  CHECK(path_of(given, '1') == "pending checked ready patching patched");
  REQUIRE(tenant_rows(given.file).size() == 2);
  CHECK(tenant_rows(given.file)[0].patched_at == patched_at);
}

TEST_CASE("a failed tenant is taken up again only when the job says so") {
  const Given given;
  import(given, 'a', list_of("12"));
  given.move('b', list_of("12"), '1', {State::failed});
  import(given, 'c', list_of("12"), FailedTenants::leave);
  CHECK(given.state_of('1') == "failed");
  import(given, 'd', list_of("12"), FailedTenants::retry);
  CHECK(given.state_of('1') == "pending");
  CHECK(given.state_of('2') == "pending");
  CHECK(path_of(given, '1') == "pending failed pending");
  CHECK(path_of(given, '2') == "pending");
  CHECK(history_rows(given.file).back().reason == "retry-failed");
}

TEST_CASE("a failed tenant that is off the list is withdrawn, not taken up again") {
  const Given given;
  import(given, 'a', list_of("12"));
  given.move('b', list_of("12"), '1', {State::failed});
  import(given, 'c', list_of("2"), FailedTenants::retry);
  CHECK(given.state_of('1') == "withdrawn");
}

TEST_CASE(
    "a new name, domain, note or order on the list is taken over, whatever the state, without history") {
  const Given given;
  import(given, 'a', list_of("12"));
  given.move('b', list_of("12"), '1', {State::checked, State::ready});
  const auto before = history_rows(given.file).size();
  TenantList list = {{guid('2'), "", "", ""}, {guid('1'), "New", "new.example", "CHG-7"}};
  import(given, 'c', list);
  const auto rows = tenant_rows(given.file);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].tenant_id == guid('2').text());
  CHECK(rows[0].company_name.empty());
  CHECK(rows[1].company_name == "New");
  CHECK(rows[1].domain == "new.example");
  CHECK(rows[1].note == "CHG-7");
  CHECK(rows[1].state == "ready");
  CHECK(history_rows(given.file).size() == before);
}

TEST_CASE("a tenant withdrawn once is not withdrawn again by the next list") {
  const Given given;
  import(given, 'a', list_of("12"));
  CHECK(import(given, 'b', list_of("2")).withdrawn == 1);
  const auto before = history_rows(given.file).size();
  CHECK(import(given, 'c', list_of("2")).withdrawn == 0);
  CHECK(history_rows(given.file).size() == before);
}

TEST_CASE("an import that fails leaves the ledger as it was") {
  const Given given;
  import(given, 'a', list_of("12"));
  CHECK_THROWS_AS(import(given, 'b', list_of("344")), MachineTrouble);  // a list never holds one twice
  CHECK(tenant_rows(given.file).size() == 2);
  CHECK(given.state_of('3') == "nothing");
  CHECK(given.state_of('1') == "pending");
  CHECK(run_rows(given.file).size() == 1);
  CHECK(given.findings().empty());
}

}  // namespace offboard::test
