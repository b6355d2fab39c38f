#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "listed_rows.hpp"

namespace offboard::test {

TEST_CASE("a JSON report without rows is an empty array") {
  for (const auto view : k_all_views) CHECK(written(view, Format::json, ListedRows()) == "[]\n");
}

TEST_CASE("a JSON report has one object on a line, null for nothing and numbers as numbers") {
  ListedRows rows;
  rows.history.resize(2);
  rows.history[0].seq = 1;
  rows.history[0].to_state = "pending";
  rows.history[0].reason = "listed";
  rows.history[1].seq = 2;
  rows.history[1].from_state = "pending";
  rows.history[1].to_state = "failed";
  rows.history[1].http_status = 404;
  rows.history[1].hash = "ab";
  CHECK(written(View::history, Format::json, rows) ==
        "[\n"
        R"({"seq":1,"at":null,"run_id":null,"tenant_id":null,"from_state":null,"to_state":"pending",)"
        R"("reason":"listed","http_status":null,"error_code":null,"request_id":null,)"
        R"("correlation_id":null,"hash":null},)"
        "\n"
        R"({"seq":2,"at":null,"run_id":null,"tenant_id":null,"from_state":"pending","to_state":"failed",)"
        R"("reason":null,"http_status":404,"error_code":null,"request_id":null,)"
        R"("correlation_id":null,"hash":"ab"})"
        "\n]\n");
}

TEST_CASE("JSON names are the CSV header, in its order") {
  ListedRows rows;
  rows.tenants.resize(1);
  rows.blockers.resize(1);
  rows.history.resize(1);
  rows.runs.resize(1);
  for (const auto view : k_all_views) {
    const auto array = nlohmann::ordered_json::parse(written(view, Format::json, rows));
    std::string names;
    for (const auto& item : array.at(0).items()) names += (names.empty() ? "" : ",") + item.key();
    CHECK(written(view, Format::csv, rows).starts_with(names + "\r\n"));
  }
}

TEST_CASE("JSON keeps a text as it is, formulas included") {
  const std::string hostile = "=1+1\r\n\t\"quoted\" \\ </script> é 🦆 \x01";
  ListedRows rows;
  rows.tenants = {tenant_noted(hostile)};
  const auto array = nlohmann::json::parse(written(View::tenants, Format::json, rows));
  CHECK(array.at(0).at("note") == hostile);
}

TEST_CASE("bytes that are not UTF-8 do not break a JSON report") {
  ListedRows rows;
  rows.tenants = {tenant_noted(std::string("a\xFF\0b", 4))};
  const auto array = nlohmann::json::parse(written(View::tenants, Format::json, rows));
  CHECK(array.at(0).at("note") == "a\uFFFD\uFFFDb");
}

}  // namespace offboard::test
