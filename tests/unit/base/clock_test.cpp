#include <base/clock.hpp>
#include <base/defect.hpp>
#include <catch2/catch.hpp>

namespace offboard {

TEST_CASE("the system's clock tells the time of day in UTC, and a time that never goes back") {
  const SystemClock clock;
  const auto first = clock.now();
  CHECK(std::chrono::abs(clock.utc() - std::chrono::system_clock::now()) < std::chrono::minutes(1));
  CHECK(clock.now() >= first);
}

TEST_CASE("a broken promise stops the program with its own words, in every build") {
  CHECK_NOTHROW(ensure(true, "all is well"));
  CHECK_THROWS_AS(ensure(false, "all is well"), Defect);
  CHECK_THROWS_WITH(ensure(false, "all is well"), Catch::Contains("all is well"));
}

}  // namespace offboard
