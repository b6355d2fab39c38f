#include <SQLiteCpp/SQLiteCpp.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <set>

#include "base/defect.hpp"
#include "night.hpp"

namespace offboard::test {
namespace {

using simulator::Kind;

/// Makes the ledger refuse what it is told when `condition` holds, as a full disk would.
void spoil(const Night& night, const std::string& condition) {
  SQLite::Database database(night.job.ledger.string(), SQLite::OPEN_READWRITE);
  database.exec("create trigger spoiled before update on tenant when " + condition +
                " begin select raise(abort, 'database or disk is full'); end");
}

void mend(const Night& night) {
  SQLite::Database database(night.job.ledger.string(), SQLite::OPEN_READWRITE);
  database.exec("drop trigger spoiled");
}

RunOutcome ended(Ending ending, std::int64_t left = 0, std::int64_t failed = 0, std::int64_t blocked = 0) {
  RunOutcome outcome;
  outcome.ending = ending;
  outcome.left = left;
  outcome.standing.failed = failed;
  outcome.standing.blocked = blocked;
  return outcome;
}

}  // namespace

TEST_CASE("an intent that cannot be committed throws MachineTrouble, and no PATCH leaves") {
  Night night(ready_world(4));
  static_cast<void>(night.run(Mode::check));
  spoil(night, "new.state = 'patching'");
  CHECK_THROWS_AS(night.run(), MachineTrouble);
  CHECK(night.count(Kind::patch) == 0);
  CHECK(night.state(1) == "ready");
  CHECK(night.trouble_with_history() == k_nothing);

  SECTION("and once the machine is mended the next run finishes the job") {
    mend(night);
    CHECK(exit_code_of(night.run()) == 0);
    CHECK(night.broken_promises() == k_nothing);
  }
}

TEST_CASE("one intent that cannot be committed keeps the others of that commit from leaving too") {
  Night night(ready_world(4));
  static_cast<void>(night.run(Mode::check));
  spoil(night, "new.state = 'patching' and new.tenant_id = '" + id_of(4) + "'");
  CHECK_THROWS_AS(night.run(), MachineTrouble);
  for (const auto& sent : night.sent) {
    if (sent.what == What::removal)
      CHECK(night.state(static_cast<int>(sent.tenant.text().back() - '0')) == "patching");
  }
  CHECK(night.log(4, Kind::patch).empty());
}

TEST_CASE("an answer that cannot be committed leaves its PATCH open, and nothing is lost or done twice") {
  Night night(ready_world(4));
  static_cast<void>(night.run(Mode::check));
  spoil(night, "new.state = 'patched'");
  CHECK_THROWS_AS(night.run(), MachineTrouble);
  CHECK(night.state(1) == "patching");
  mend(night);
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.count(simulator::Effect::removed) == 4);
  CHECK(night.count(simulator::Effect::second_removal_attempt) == 0);
  CHECK(night.trouble_with_history() == k_nothing);
}

TEST_CASE("a refresh token that cannot be kept is MachineTrouble, before anything else is asked") {
  Night night(ready_world(1));
  // A folder in the place of the file that the new one is written to beside its target.
  const auto file = night.folder() / "unwritable" / "refresh-token";
  std::filesystem::create_directory(file.parent_path());
  std::filesystem::copy_file(night.job.partner_center.refresh_token_file, file);
  night.job.partner_center.refresh_token_file = file;
  night.on_the_way = [&](const Ask& ask, const Carrier& to_service) {
    auto carried = to_service(ask);
    std::filesystem::remove_all(file.parent_path());
    std::ofstream(file.parent_path()) << "in the way";
    return carried;
  };
  CHECK_THROWS_AS(night.run(), MachineTrouble);
  CHECK(night.count(Kind::customer) == 0);
}

TEST_CASE("of several exit codes the first of 7, 5, 4 and 3 wins") {
  CHECK(exit_code_of(ended(Ending::completed)) == 0);
  CHECK(exit_code_of(ended(Ending::completed, 0, 0, 1)) == 3);
  CHECK(exit_code_of(ended(Ending::completed, 0, 1, 0)) == 4);
  CHECK(exit_code_of(ended(Ending::completed, 0, 1, 1)) == 4);
  CHECK(exit_code_of(ended(Ending::completed, 1, 0, 0)) == 5);
  CHECK(exit_code_of(ended(Ending::completed, 1, 1, 1)) == 5);
  for (const auto ending : {Ending::stopped, Ending::deadline, Ending::limit_reached,
                            Ending::service_unavailable, Ending::throttled_too_long}) {
    CHECK(exit_code_of(ended(ending)) == 5);
    CHECK(exit_code_of(ended(ending, 1, 1, 1)) == 5);
  }
  CHECK(exit_code_of(ended(Ending::signed_out)) == 7);
  CHECK(exit_code_of(ended(Ending::signed_out, 1, 1, 1)) == 7);
}

TEST_CASE("every ending has a name of its own") {
  std::set<std::string_view> names;
  for (const auto ending : {Ending::completed, Ending::stopped, Ending::deadline, Ending::limit_reached,
                            Ending::service_unavailable, Ending::throttled_too_long, Ending::signed_out}) {
    CHECK_FALSE(name_of(ending).empty());
    names.insert(name_of(ending));
  }
  CHECK(names.size() == 7);
}

}  // namespace offboard::test
