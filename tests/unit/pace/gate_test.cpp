#include <catch2/catch.hpp>
#include <pace/gate.hpp>

namespace offboard {
namespace {

using namespace std::chrono_literals;

constexpr milliseconds k_long = 5min;

Instant at(milliseconds time) {
  return Instant(1h + time);
}

bool open(const Gate& gate, milliseconds time) {
  return gate.opens_at() <= at(time);
}

}  // namespace

TEST_CASE("a gate that nothing was told to is open") {
  CHECK(open(Gate(k_long), 0s));
}

TEST_CASE("one customer's 429s, however many, do not close the gate") {
  Gate gate(k_long);
  for (int i = 0; i < 100; ++i) gate.throttled("a", at(1min), at(i * 10ms));
  CHECK(open(gate, 0s));
}

TEST_CASE("two customers' 429s do not close the gate") {
  Gate gate(k_long);
  for (int i = 0; i < 50; ++i) {
    gate.throttled("a", at(1min), at(i * 10ms));
    gate.throttled("b", at(1min), at(i * 10ms));
  }
  CHECK(open(gate, 0s));
}

TEST_CASE("429s of three customers within ten seconds close the gate until the last of them may come back") {
  Gate gate(k_long);
  gate.throttled("a", at(30s), at(0s));
  gate.throttled("b", at(90s), at(5s));
  CHECK(open(gate, 5s));
  gate.throttled("c", at(60s), at(10s));
  CHECK(gate.opens_at() == at(90s));
}

TEST_CASE("429s of three customers over more than ten seconds do not close the gate") {
  Gate gate(k_long);
  for (int i = 0; i < 20; ++i) gate.throttled(std::to_string(i), at(1h), at(i * 5001ms));
  CHECK(open(gate, 0s));
}

TEST_CASE("a customer's new 429 counts from its own time, not from its first") {
  Gate gate(k_long);
  gate.throttled("a", at(1min), at(0s));
  gate.throttled("a", at(1min), at(9s));
  gate.throttled("b", at(1min), at(12s));
  CHECK(open(gate, 12s));
  gate.throttled("c", at(1min), at(15s));
  CHECK(gate.opens_at() == at(1min));
}

TEST_CASE("a 429 that is long past no longer holds the gate closed") {
  Gate gate(k_long);
  gate.throttled("long ago", at(10h), at(0s));
  for (const char* customer : {"a", "b", "c"}) gate.throttled(customer, at(2min), at(1min));
  CHECK(gate.opens_at() == at(2min));
}

TEST_CASE("a gate that is closed until a time is not opened earlier by a shorter wait") {
  Gate gate(k_long);
  gate.close_until(at(5min));
  gate.close_until(at(1min));
  CHECK(gate.opens_at() == at(5min));
  for (const char* customer : {"a", "b", "c"}) gate.throttled(customer, at(2min), at(0s));
  CHECK(gate.opens_at() == at(5min));
  gate.close_until(at(6min));
  CHECK(gate.opens_at() == at(6min));
}

TEST_CASE("one customer's long wait does not shut out those who were asked to come back soon") {
  Gate gate(k_long);
  gate.throttled("shut out", at(1h), at(0s));
  gate.throttled("a", at(1s), at(0s));
  gate.throttled("b", at(1s), at(0s));
  CHECK(open(gate, 0s));
  gate.throttled("c", at(2s), at(0s));
  CHECK(gate.opens_at() == at(2s));
}

TEST_CASE("the long waits of several customers are everybody's") {
  Gate gate(k_long);
  for (const char* customer : {"a", "b", "c"}) gate.throttled(customer, at(1h), at(0s));
  CHECK(gate.opens_at() == at(1h));
}

}  // namespace offboard
