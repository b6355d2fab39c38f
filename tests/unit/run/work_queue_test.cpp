#include <fmt/format.h>
#include <catch2/catch.hpp>
#include <ledger/reader.hpp>
#include <run/work_queue.hpp>
#include <set>

#include "../base/temporary_folder.hpp"
#include "../listed_in_memory.hpp"

namespace offboard::test {

TEST_CASE(
    "each of many tenants is taken up once, though it stands further down when it was blocked meanwhile") {
  const TemporaryFolder folder;
  constexpr std::int64_t k_many = 1203;  // some pages
  TenantList list;
  for (std::int64_t n = 0; n < k_many; ++n)
    list.push_back({Guid::parse(fmt::format("{:08x}-0000-4000-8000-000000000000", n)).value(), "", "", ""});
  Ledger ledger(folder / "job.db");
  ledger.begin_run({list[0].tenant_id, "run", UtcTime{}, "0", "user", "host"}, ListedInMemory(list),
                   FailedTenants::leave);
  WorkQueue queue(ledger);
  queue.open();
  CHECK(queue.to_do() == k_many);
  std::set<std::int64_t> taken;
  std::vector<Change> changes;
  while (queue.next() != nullptr) {
    REQUIRE(queue.listed_left() == k_many - static_cast<std::int64_t>(taken.size()));
    const auto work = queue.take();
    REQUIRE(taken.insert(work.number).second);
    Change change;
    change.number = work.number;
    change.tenant_id = work.listed.tenant_id;
    change.expected = work.state;
    change.moves = {{State::pending, State::checked, UtcTime{}, "reason", {}},
                    {State::checked, State::blocked, UtcTime{}, "reason", {}}};
    changes.push_back(change);
    if (changes.size() == 100) {
      ledger.commit(changes, {});
      changes.clear();
    }
  }
  CHECK(taken.size() == static_cast<std::size_t>(k_many));
  CHECK(queue.listed_left() == 0);
}

TEST_CASE("a queue without anybody in it says so") {
  const TemporaryFolder folder;
  Ledger ledger(folder / "job.db");
  WorkQueue queue(ledger);
  queue.open();
  CHECK(queue.to_do() == 0);
  CHECK(queue.next() == nullptr);
}

}  // namespace offboard::test
