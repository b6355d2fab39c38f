#include <base/defect.hpp>
#include <base/scratch_file.hpp>
#include <catch2/catch.hpp>
#include <string>

namespace offboard::test {

TEST_CASE("what was put into a scratch file is read back from any place, in memory and beyond") {
  for (const std::size_t in_memory : {1U, 100U, 1'000'000U}) {
    ScratchFile scratch(in_memory);
    std::string all;
    for (int n = 0; n < 20'000; ++n) {
      const auto piece = std::to_string(n) + ";";
      CHECK(scratch.size() == all.size());
      scratch.append(piece);
      all += piece;
      if (n % 1000 == 0) REQUIRE(scratch.read(all.size() - piece.size(), piece.size()) == piece);
    }
    for (std::size_t from = 0; from < all.size(); from += 997) {
      const auto length = std::min<std::size_t>(from % 70, all.size() - from);
      REQUIRE(scratch.read(from, length) == all.substr(from, length));
    }
    REQUIRE(scratch.read(0, all.size()) == all);
    CHECK_THROWS_AS(scratch.read(all.size(), 1), Defect);
  }
}

}  // namespace offboard::test
