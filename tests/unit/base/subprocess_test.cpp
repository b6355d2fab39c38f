#include <base/subprocess.hpp>
#include <catch2/catch.hpp>
#include <chrono>

namespace offboard {
namespace {

using namespace std::chrono_literals;
using Command = std::vector<std::string>;

Expected<std::string, std::string> read_from(const Command& command, milliseconds limit = 20s,
                                             std::size_t max_bytes = 1000) {
  return run_and_read(command, limit, max_bytes);
}

std::string failure_of(const Command& command, milliseconds limit = 20s, std::size_t max_bytes = 1000) {
  const auto text = read_from(command, limit, max_bytes);
  REQUIRE_FALSE(text);
  return text.error();
}

milliseconds time_of(const std::function<void()>& piece) {
  const auto start = std::chrono::steady_clock::now();
  piece();
  return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - start);
}

}  // namespace

TEST_CASE("a program's output is returned whole") {
  CHECK(read_from({"printf", "one\\ntwo\\n"}).value() == "one\ntwo\n");
  CHECK(read_from({"true"}).value().empty());
  CHECK(read_from({"/bin/sh", "-c", "echo out; echo err >&2"}).value() == "out\n");
}

TEST_CASE("output that comes in many pieces is returned whole") {
  const auto text = read_from(
      {"sh", "-c", "i=0; while [ $i -lt 2000 ]; do echo 0123456789; i=$((i+1)); done"}, 20s, 22'000);
  REQUIRE(text);
  CHECK(text->size() == 22'000);
}

TEST_CASE("a program that ends with a code other than 0 fails and the code is told") {
  CHECK_THAT(failure_of({"sh", "-c", "echo secret; exit 3"}), Catch::Contains("exit code 3"));
  CHECK_THAT(failure_of({"sh", "-c", "echo secret; exit 3"}), !Catch::Contains("secret"));
}

TEST_CASE("a program that is killed fails and the signal is told") {
  CHECK_THAT(failure_of({"sh", "-c", "kill -9 $$"}), Catch::Contains("signal 9"));
}

TEST_CASE("a program that is not there is a failure that names it") {
  CHECK_THAT(failure_of({"no-such-program-anywhere"}), Catch::Contains("no-such-program-anywhere"));
  CHECK_THAT(failure_of({"/no/such/program"}), Catch::Contains("/no/such/program"));
}

TEST_CASE("a program that takes too long is killed at its limit") {
  const auto took = time_of([] {
    CHECK_THAT(failure_of({"sleep", "20"}, 20ms), Catch::Contains("no answer"));
  });
  CHECK(took >= 15ms);
  CHECK(took < 5s);
}

TEST_CASE("a program that closes its output and goes on is killed at its limit too") {
  const auto took = time_of([] { failure_of({"sh", "-c", "exec >&-; exec sleep 1"}, 20ms); });
  CHECK(took < 700ms);
}

TEST_CASE("a program that writes on and on is stopped at the limit of its output") {
  const auto took = time_of([] {
    CHECK_THAT(failure_of({"sh", "-c", "while :; do echo 0123456789; done"}), Catch::Contains("wrote more"));
  });
  CHECK(took < 5s);
}

TEST_CASE("output of exactly the limit is returned, one byte more is too much") {
  CHECK(read_from({"printf", "0123456789"}, 20s, 10).value() == "0123456789");
  CHECK_THAT(failure_of({"printf", "0123456789"}, 20s, 9), Catch::Contains("wrote more"));
}

TEST_CASE("a program has no standard input to wait on") {
  CHECK(read_from({"cat"}).value().empty());
}

TEST_CASE("no shell looks at the arguments") {
  CHECK(read_from({"printf", "%s|", "$HOME", "*", "`id`", "a b", "", ";true", "\"q\""}).value() ==
        "$HOME|*|`id`|a b||;true|\"q\"|");
}

TEST_CASE("a program with a space in its name is not taken for a program with an argument") {
  CHECK_THAT(failure_of({"printf hello"}), Catch::Contains("printf hello"));
}

}  // namespace offboard
