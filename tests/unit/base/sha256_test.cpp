#include <base/sha256.hpp>
#include <catch2/catch.hpp>

namespace offboard::test {

TEST_CASE("SHA-256 is that of FIPS 180-4, in pieces or at once, and begins anew each time") {
  const std::string abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  Sha256 sha256;
  sha256.add("abc");
  CHECK(sha256.finish() == abc);
  sha256.add("a");
  sha256.add("");
  sha256.add("bc");
  CHECK(sha256.finish() == abc);
  CHECK(sha256.finish() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

}  // namespace offboard::test
