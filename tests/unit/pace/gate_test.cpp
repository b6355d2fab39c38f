#include <catch2/catch.hpp>
#include <pace/gate.hpp>

namespace offboard {
namespace {

using namespace std::chrono_literals;

constexpr milliseconds k_long = 5min;

Instant gate_time(milliseconds time) {
  return Instant(1h + time);
}

bool open(const Gate& gate, milliseconds time) {
  return gate.opens_at() <= gate_time(time);
}

}  // namespace

TEST_CASE("a gate that nothing was told to is open") {
  CHECK(open(Gate(k_long), 0s));
}

TEST_CASE("one customer's 429s, however many, do not close the gate") {
  Gate gate(k_long);
  for (int i = 0; i < 100; ++i) gate.throttled("a", gate_time(1min), gate_time(i * 10ms));
  CHECK(open(gate, 0s));
}

TEST_CASE("two customers' 429s do not close the gate") {
  Gate gate(k_long);
  for (int i = 0; i < 50; ++i) {
    gate.throttled("a", gate_time(1min), gate_time(i * 10ms));
    gate.throttled("b", gate_time(1min), gate_time(i * 10ms));
  }
  CHECK(open(gate, 0s));
}

TEST_CASE("429s of three customers within ten seconds close the gate until the last of them may come back") {
  Gate gate(k_long);
  gate.throttled("a", gate_time(30s), gate_time(0s));
  gate.throttled("b", gate_time(90s), gate_time(5s));
  CHECK(open(gate, 5s));
  gate.throttled("c", gate_time(60s), gate_time(10s));
  CHECK(gate.opens_at() == gate_time(90s));
}

TEST_CASE("429s of three customers over more than ten seconds do not close the gate") {
  Gate gate(k_long);
  for (int i = 0; i < 20; ++i) gate.throttled(std::to_string(i), gate_time(1h), gate_time(i * 5001ms));
  CHECK(open(gate, 0s));
}

TEST_CASE("a customer's new 429 counts from its own time, not from its first") {
  Gate gate(k_long);
  gate.throttled("a", gate_time(1min), gate_time(0s));
  gate.throttled("a", gate_time(1min), gate_time(9s));
  gate.throttled("b", gate_time(1min), gate_time(12s));
  CHECK(open(gate, 12s));
  gate.throttled("c", gate_time(1min), gate_time(15s));
  CHECK(gate.opens_at() == gate_time(1min));
}

TEST_CASE("a 429 that is long past no longer holds the gate closed") {
  Gate gate(k_long);
  gate.throttled("long ago", gate_time(10h), gate_time(0s));
  for (const char* customer : {"a", "b", "c"}) gate.throttled(customer, gate_time(2min), gate_time(1min));
  CHECK(gate.opens_at() == gate_time(2min));
}

TEST_CASE("a gate that is closed until a time is not opened earlier by a shorter wait") {
  Gate gate(k_long);
  gate.close_until(gate_time(5min));
  gate.close_until(gate_time(1min));
  CHECK(gate.opens_at() == gate_time(5min));
  for (const char* customer : {"a", "b", "c"}) gate.throttled(customer, gate_time(2min), gate_time(0s));
  CHECK(gate.opens_at() == gate_time(5min));
  gate.close_until(gate_time(6min));
  CHECK(gate.opens_at() == gate_time(6min));
}

TEST_CASE("one customer's long wait does not shut out those who were asked to come back soon") {
  Gate gate(k_long);
  gate.throttled("shut out", gate_time(1h), gate_time(0s));
  gate.throttled("a", gate_time(1s), gate_time(0s));
  gate.throttled("b", gate_time(1s), gate_time(0s));
  CHECK(open(gate, 0s));
  gate.throttled("c", gate_time(2s), gate_time(0s));
  CHECK(gate.opens_at() == gate_time(2s));
}

TEST_CASE("the long waits of several customers are everybody's") {
  Gate gate(k_long);
  for (const char* customer : {"a", "b", "c"}) gate.throttled(customer, gate_time(1h), gate_time(0s));
  CHECK(gate.opens_at() == gate_time(1h));
}

}  // namespace offboard
