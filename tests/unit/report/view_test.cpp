#include <catch2/catch.hpp>

#include "report/view.hpp"

namespace offboard::test {

TEST_CASE("views and formats are named as on the command line") {
  std::string names;
  for (const auto view : k_all_views) names += std::string(name_of(view)) + " ";
  for (const auto format : k_all_formats) names += std::string(name_of(format)) + " ";
  CHECK(names == "tenants blockers history runs csv json html ");
}

}  // namespace offboard::test
