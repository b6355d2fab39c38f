#include <ledger/history.hpp>

#include "ledger_for_tests.hpp"

// The sums in this file come from another program, which followed the description in schema/001_ledger.sql.

namespace offboard::test {
namespace {

HistoryRow first_row() {
  HistoryRow row;
  row.seq = 1;
  row.at = "2026-11-23T01:38:07.123Z";
  row.run_id = "11111111-1111-4111-8111-111111111111";
  row.tenant_id = "22222222-2222-4222-8222-222222222222";
  row.to_state = "pending";
  row.reason = "listed";
  return row;
}

HistoryRow second_row() {
  auto row = first_row();
  row.seq = 2;
  row.at = "2026-11-23T01:38:08.000Z";
  row.from_state = "pending";
  row.to_state = "failed";
  row.reason = "Zo\xC3\xAB";
  row.http_status = 404;
  row.error_code = "20003";
  row.request_id = "33333333-3333-4333-8333-333333333333";
  row.correlation_id = "44444444-4444-4444-8444-444444444444";
  return row;
}

}  // namespace

TEST_CASE("a row's hash is the one that the schema's description gives") {
  const auto first = chain_hash(k_hash_before_the_first, first_row());
  CHECK(first == "1a9a0724332a3208256763affd4bde161edb4c96de047bc94f48029d941a621d");
  CHECK(chain_hash(first, second_row()) ==
        "850cc108d73a05c4eccabac1e573c5a5172ed69dd10b9a863c8bd9a31d0afdda");
}

TEST_CASE("a row's hash depends on the row before it") {
  CHECK(chain_hash(std::string(64, '1'), second_row()) != chain_hash(std::string(64, '2'), second_row()));
}

TEST_CASE("text cannot be moved from one column of a row to the next without changing its hash") {
  auto one = second_row();
  auto other = second_row();
  one.reason = "a";
  one.error_code = "bc";
  other.reason = "ab";
  other.error_code = "c";
  CHECK(chain_hash("", one) != chain_hash("", other));
  other = one;
  std::swap(other.request_id, other.correlation_id);
  CHECK(chain_hash("", one) != chain_hash("", other));
  other = one;
  other.http_status.reset();
  CHECK(chain_hash("", one) != chain_hash("", other));
}

TEST_CASE("the rows of a ledger form one chain over all runs") {
  const Given given;
  given.begin('a', list_of("12"));
  given.move('b', list_of("12"), '1', {State::checked, State::ready});
  given.begin('c', list_of("1"));
  std::string hash(k_hash_before_the_first);
  std::int64_t seq = 0;
  for (const auto& row : history_rows(given.file)) {
    CHECK(row.seq == ++seq);
    CHECK(row.hash == chain_hash(hash, row));
    hash = row.hash;
  }
  CHECK(seq == 5);
  CHECK(given.ask("select history_hash from ledger") == hash);
  CHECK(given.ask("select history_seq from ledger") == "5");
}

}  // namespace offboard::test
