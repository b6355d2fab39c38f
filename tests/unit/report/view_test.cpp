#include <catch2/catch.hpp>

#include "report/view.hpp"

namespace offboard::test {

TEST_CASE("views and formats are named as on the command line") {
  CHECK(view_named("tenants") == View::tenants);
  CHECK(view_named("blockers") == View::blockers);
  CHECK(view_named("history") == View::history);
  CHECK(view_named("runs") == View::runs);
  CHECK(format_named("csv") == Format::csv);
  CHECK(format_named("json") == Format::json);
  CHECK(format_named("html") == Format::html);
}

TEST_CASE("every view and format is found by its own name, and no other word is one") {
  for (const auto view : k_all_views) CHECK(view_named(name_of(view)) == view);
  for (const auto format : k_all_formats) CHECK(format_named(name_of(format)) == format);
  for (const std::string_view word : {"", "Tenants", "tenant", "xml", "CSV"}) {
    CHECK_FALSE(view_named(word).has_value());
    CHECK_FALSE(format_named(word).has_value());
  }
}

}  // namespace offboard::test
