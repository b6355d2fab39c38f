#include <base/text.hpp>
#include <catch2/catch.hpp>

namespace offboard {

TEST_CASE("lower case is that of ASCII and leaves every other byte alone") {
  CHECK(to_lower("AZaz09-_@[`{") == "azaz09-_@[`{");
  CHECK(to_lower("\xC3\x96") == "\xC3\x96");
  CHECK(to_lower("") == "");
}

TEST_CASE("ASCII texts are compared without regard to case, and by their whole length") {
  CHECK(equal_ignoring_case("Active", "aCTIVE"));
  CHECK(equal_ignoring_case("", ""));
  CHECK_FALSE(equal_ignoring_case("active", "active "));
  CHECK_FALSE(equal_ignoring_case("active", "activ"));
  CHECK_FALSE(equal_ignoring_case("", "a"));
  CHECK_FALSE(equal_ignoring_case("@", "`"));  // 0x20 apart, and no letters
  CHECK_FALSE(equal_ignoring_case("[", "{"));
}

TEST_CASE("a part is found in a text at its start, middle and end, in any case") {
  CHECK(contains_ignoring_case("The Relationship does NOT exist", "the rel"));
  CHECK(contains_ignoring_case("The Relationship does NOT exist", "does not"));
  CHECK(contains_ignoring_case("The Relationship does NOT exist", "EXIST"));
  CHECK(contains_ignoring_case("abc", ""));
  CHECK_FALSE(contains_ignoring_case("abc", "abcd"));
  CHECK_FALSE(contains_ignoring_case("", "a"));
}

TEST_CASE("a text starts with another in any case, unless it is shorter") {
  CHECK(starts_with_ignoring_case("MS-AZR-0145P", "ms-azr-"));
  CHECK(starts_with_ignoring_case("ms-", "MS-"));
  CHECK(starts_with_ignoring_case("x", ""));
  CHECK_FALSE(starts_with_ignoring_case("MS", "MS-"));
  CHECK_FALSE(starts_with_ignoring_case("xMS-", "MS-"));
}

}  // namespace offboard
