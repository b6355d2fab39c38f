#include <fmt/format.h>
#include <sqlite3.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <utility>

#include "base/defect.hpp"
#include "forgetful_disk.hpp"
#include "ledger_audit.hpp"
#include "night.hpp"

namespace offboard::test {
namespace {

using simulator::Fault;
using simulator::Kind;

/// Ready, blocked and gone tenants, and a removal whose answer is lost.
simulator::World small_world() {
  auto world = world_of({ready(1), ready(2), blocked(3), already_removed(4), ready(5)});
  auto rule = fault_of(Kind::patch, Fault::reset_after, 1);
  rule.match.customer = id_of(2);
  world.faults.push_back(rule);
  return world;
}

/// The small world, on a disk that may fail.
class FailingDiskNight : public Night {
 public:
  FailingDiskNight() : Night(small_world()), disk(ForgetfulDisk::afresh()) {}

  /// What the run said when it gave up; empty if it came to its end.
  std::string trouble() {
    try {
      code = exit_code_of(run());
      return "";
    } catch (const MachineTrouble& trouble) {
      return trouble.what();
    }
  }

  /// Once the disk works again, the job ends as if nothing had been.
  void recovers() {
    disk.forget_plans();
    disk.restore_power(Loss::nothing, 1);
    clock.advance(seconds(30));
    CHECK(exit_code_of(run()) == 3);
    CHECK(states() == std::map<std::string, std::string>{{id_of(1), "patched"},
                                                         {id_of(2), "patched"},
                                                         {id_of(3), "blocked"},
                                                         {id_of(4), "patched"},
                                                         {id_of(5), "patched"}});
    CHECK(broken_promises() == k_nothing);
    CHECK(LedgerAudit().look(job.ledger, list, service.log()).empty());
  }

  ForgetfulDisk& disk;
  int code = -1;
};

struct Kinds {
  DiskCall call;
  int code;
  std::string_view advice;  // part of what the operator reads
};

const Kinds k_failures[] = {
    {DiskCall::write, SQLITE_FULL, "Make room on the disk"},
    {DiskCall::write, SQLITE_IOERR_WRITE, "Run the job again"},
    {DiskCall::read, SQLITE_IOERR_READ, "Run the job again"},
    {DiskCall::sync, SQLITE_IOERR_FSYNC, "Run the job again"},
    {DiskCall::truncate, SQLITE_IOERR_TRUNCATE, "Run the job again"},
    {DiskCall::open, SQLITE_CANTOPEN, "Run the job again"},
};

}  // namespace

TEST_CASE(
    "whichever call of the disk fails, the run ends, says what to do, and removes nobody it has no record "
    "of") {
  int failures = 0;
  for (const auto& failure : k_failures) {
    for (const bool lasts : {false, true}) {
      for (std::uint64_t nth = 1; nth < 2000; nth += static_cast<std::uint64_t>(stride())) {
        FailingDiskNight night;
        night.disk.plan({failure.call, nth, failure.code, lasts});
        CAPTURE(static_cast<int>(failure.call), failure.code, lasts, nth);
        const auto said = night.trouble();
        const bool failed = night.disk.has_failed();
        if (failed) {
          ++failures;
          // A failure that SQLite could cope with by itself is none.
          if (said.empty()) {
            CHECK(night.code == 3);
          } else {
            CHECK_THAT(said, Catch::Contains(std::string(failure.advice)));
            CHECK_THAT(said, Catch::Contains("night.db"));
          }
        }
        night.recovers();
        if (!failed) break;
      }
    }
  }
  CHECK(failures > 500 / stride());
  fmt::print("{} failures of the disk, one at every call\n", failures);
}

TEST_CASE("a PATCH whose intent could not be recorded is not sent, now or later in the run") {
  FailingDiskNight night;
  bool is_full = false;
  night.plan.on_hand_out = [&](const Errand& errand) {
    // From here on nothing can be written any more.
    if (errand.ask.what != What::subscriptions || std::exchange(is_full, true)) return;
    night.disk.plan({DiskCall::write, 1, SQLITE_FULL, true});
  };
  const auto said = night.trouble();
  CHECK_THAT(said, Catch::Contains("Make room on the disk"));
  CHECK(night.count(Kind::patch) == 0);
  night.plan.on_hand_out = nullptr;
  night.recovers();
}

TEST_CASE("a page of the ledger that is damaged ends the run before anything is sent") {
  FailingDiskNight night;
  night.job.policy.max_patches = 1;
  CHECK(exit_code_of(night.run()) == 5);
  const auto before = night.count(Kind::patch);
  {
    std::fstream file(night.job.ledger, std::ios::in | std::ios::out | std::ios::binary);
    for (const int page : {1, 2, 3, 4, 5, 6, 7, 8, 9}) {
      file.seekp(page * 4096 + 1);
      file << std::string(64, '\x5A');
    }
  }
  const auto said = night.trouble();
  CHECK_THAT(said, Catch::Contains("damaged"));
  CHECK_THAT(said, Catch::Contains("backup"));
  CHECK(night.count(Kind::patch) == before);
}

}  // namespace offboard::test
