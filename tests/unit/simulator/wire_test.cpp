#include "simulator/wire.hpp"

#include <catch2/catch.hpp>

using namespace offboard::simulator;

namespace {

Wire wire_with(WireFault fault, Persistence persistence = Persistence::keep_alive) {
  Reply reply = json_reply(200, R"({"a":1234})");
  reply.wire_fault = fault;
  return wire_form(reply, persistence);
}

bool has(const Wire& wire, const std::string& part) {
  return wire.bytes.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a sound reply has a status line, its length and its body") {
  const Wire wire = wire_with(WireFault::none);
  CHECK(wire.bytes.rfind("HTTP/1.1 200 OK\r\n", 0) == 0);
  CHECK(has(wire, "Content-Length: 10\r\n"));
  CHECK(has(wire, "\r\n\r\n{\"a\":1234}"));
  CHECK(wire.ending == Ending::keep);
  CHECK(wire_with(WireFault::none, Persistence::close).ending == Ending::close);
}

TEST_CASE("what a reply is padded with is announced and left to the server") {
  Reply reply = json_reply(200, R"({"a":1234})");
  reply.padding = 9'999'999'990;
  const Wire wire = wire_form(reply, Persistence::keep_alive);
  CHECK(has(wire, "Content-Length: 10000000000\r\n"));
  CHECK(wire.padding == 9'999'999'990);
  CHECK(wire.bytes.size() < 1000);
}

TEST_CASE("a truncated reply announces more than it sends") {
  const Wire wire = wire_with(WireFault::truncate);
  CHECK(has(wire, "Content-Length: 10\r\n"));
  CHECK(wire.bytes.substr(wire.bytes.size() - 5) == R"({"a":)");
  CHECK(wire.ending == Ending::close);
}

TEST_CASE("a reply truncated without length does not announce anything") {
  const Wire wire = wire_with(WireFault::truncate_without_length);
  CHECK_FALSE(has(wire, "Content-Length"));
  CHECK(has(wire, "Connection: close\r\n"));
  CHECK(wire.ending == Ending::close);
}

TEST_CASE("headers can be cut, bytes can be garbage, and a connection can be reset or held") {
  CHECK_FALSE(has(wire_with(WireFault::close_in_headers), "\r\n\r\n"));
  CHECK_FALSE(has(wire_with(WireFault::garbage), "HTTP/"));
  CHECK(wire_with(WireFault::reset_after).ending == Ending::reset);
  CHECK(wire_with(WireFault::reset_before).bytes.empty());
  CHECK(wire_with(WireFault::stall).ending == Ending::hold);
  CHECK(wire_with(WireFault::drip).pace == Pace::byte_by_byte);
}
