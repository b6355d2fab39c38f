#include <catch2/catch.hpp>
#include <string>

#include "given_file.hpp"

namespace offboard::test {
namespace {

/// A sound job with one more piece, which begins on line 7.
Lines wrong_with(const std::string& piece) {
  return wrong_with_job(
      "name: nightly\n"
      "tenants: list.csv\n"
      "partner_center:\n"
      "  tenant: contoso.onmicrosoft.com\n"
      "  client_id: 00000000-0000-0000-0000-000000000000\n"
      "  refresh_token: {file: token}\n" +
      piece);
}

/// The same with one value of partner_center replaced or added; it stands on line 4.
Lines wrong_with_partner_center(const std::string& key, const std::string& value) {
  std::string content = "name: nightly\ntenants: list.csv\npartner_center:\n  " + key + ": " + value + "\n";
  if (key != "tenant") content += "  tenant: contoso.onmicrosoft.com\n";
  if (key != "client_id") content += "  client_id: 00000000-0000-0000-0000-000000000000\n";
  return wrong_with_job(content + "  refresh_token: {file: token}\n");
}

TEST_CASE("a whole number is written in plain decimal digits, without quotes") {
  const std::string range = "7:10: workers must be a whole number from 1 to 256";
  CHECK(wrong_with("workers: \"8\"\n") == Lines{range + ", not text in quotes"});
  CHECK(wrong_with("workers: eight\n") == Lines{range + ", not text"});
  CHECK(wrong_with("workers: true\n") == Lines{range + ", not a truth value"});
  for (const auto* number :
       {"0", "257", "-1", "+8", "010", "0x8", "0o10", "8.0", "1e2", "99999999999999999999"}) {
    INFO(number);
    CHECK(wrong_with(std::string("workers: ") + number + "\n") == Lines{range});
  }
  CHECK(wrong_with("workers: 1_0\n") == Lines{range + ", not text"});
  CHECK(wrong_with("workers: [8]\n") == Lines{"7:10: workers must be a whole number, not a list"});
  CHECK(wrong_with("workers: 1\n").empty());
  CHECK(wrong_with("workers: 256\n").empty());
}

TEST_CASE("max_patches and per_minute are at least 1, and max_attempts at most 100") {
  CHECK(wrong_with("policy: {max_patches: 0}\n") ==
        Lines{"7:23: policy.max_patches must be a whole number from 1 to 2147483647"});
  CHECK(wrong_with("retry: {max_attempts: 101}\n") ==
        Lines{"7:23: retry.max_attempts must be a whole number from 1 to 100"});
  for (const auto* number : {"0", "1000001"}) {
    CHECK(wrong_with(std::string("rate: {per_minute: ") + number + "}\n") ==
          Lines{"7:20: rate.per_minute must be a whole number from 1 to 1000000"});
  }
  CHECK(wrong_with("rate: {per_minute: 1000000}\n").empty());
  CHECK(wrong_with("policy: {max_patches: 2147483647}\nretry: {max_attempts: 100}\n").empty());
}

TEST_CASE("a duration is a whole number and a unit, more than zero and at most 365 days") {
  const std::string shape = "7:20: policy.deadline must be a whole number and ms, s, m, h or d, such as 10m";
  for (const auto* text : {"5", "\"5\"", "-5m", "1.5h", "5 m", "5M", "h", "5min", "\"\"", "5m5s", "0x5s"}) {
    INFO(text);
    CHECK(wrong_with(std::string("policy: {deadline: ") + text + "}\n") == Lines{shape});
  }
  for (const auto* text : {"0s", "000ms"}) {
    CHECK(wrong_with(std::string("policy: {deadline: ") + text + "}\n") ==
          Lines{"7:20: policy.deadline must be more than zero"});
  }
  for (const auto* text :
       {"366d", "8761h", "9223372036854775807ms", "99999999999999999999s", "213503982335d"}) {
    INFO(text);
    CHECK(wrong_with(std::string("policy: {deadline: ") + text + "}\n") ==
          Lines{"7:20: policy.deadline must not be longer than 365 days"});
  }
  for (const auto* text : {"1ms", "365d", "'5h'", "007m"}) {
    INFO(text);
    CHECK(wrong_with(std::string("policy: {deadline: ") + text + "}\n").empty());
  }
}

TEST_CASE("retry_failed is true or false and nothing like it") {
  const std::string refusal = "7:24: policy.retry_failed must be true or false, not ";
  CHECK(wrong_with("policy: {retry_failed: yes}\n") == Lines{refusal + "text"});
  CHECK(wrong_with("policy: {retry_failed: on}\n") == Lines{refusal + "text"});
  CHECK(wrong_with("policy: {retry_failed: 1}\n") == Lines{refusal + "a number"});
  CHECK(wrong_with("policy: {retry_failed: True}\n") == Lines{refusal + "a truth value"});
  CHECK(wrong_with("policy: {retry_failed: 'true'}\n") == Lines{refusal + "text in quotes"});
  CHECK(wrong_with("policy: {retry_failed: false}\n").empty());
}

TEST_CASE("a word that is not one of a few is answered with those") {
  CHECK(wrong_with("policy: {software: Block}\n") ==
        Lines{"7:20: policy.software must be one of block, ignore"});
  CHECK(wrong_with_partner_center("cloud", "germany") ==
        Lines{"4:10: partner_center.cloud must be one of global, us-government, china"});
}

TEST_CASE("a value that is missing is a wrong one") {
  CHECK(wrong_with("workers:\nledger: ~\n") ==
        Lines{"7:1: workers has no value; a whole number is wanted, or leave the key out",
              "8:9: ledger has no value; a text is wanted, or leave the key out"});
}

TEST_CASE("what YAML takes for a number or a truth value is no text") {
  CHECK(wrong_with("ledger: 5\n") == Lines{"7:9: ledger must be a text, not a number; put it in quotes"});
  CHECK(wrong_with("ledger: 0x1F\n") == Lines{"7:9: ledger must be a text, not a number; put it in quotes"});
  CHECK(wrong_with("ledger: -1.5e3\n") ==
        Lines{"7:9: ledger must be a text, not a number; put it in quotes"});
  CHECK(wrong_with("ledger: true\n") ==
        Lines{"7:9: ledger must be a text, not a truth value; put it in quotes"});
  CHECK(wrong_with("ledger: '5'\n").empty());
  CHECK(wrong_with("ledger: 2026-11-23.db\n").empty());
}

TEST_CASE("a text is not empty and has no control characters") {
  CHECK(wrong_with("ledger: ''\n") == Lines{"7:9: ledger is empty"});
  CHECK(wrong_with("ledger: ' '\n") == Lines{"7:9: ledger is empty"});
  CHECK(wrong_with("ledger: \"a\\nb\"\n") ==
        Lines{"7:9: ledger has a line end or a control character in it"});
  CHECK(wrong_with_job("name: \"" + std::string(201, 'x') + "\"\n")[2] ==
        "1:7: name is longer than 200 bytes");
}

TEST_CASE("a path names a file") {
  CHECK(wrong_with("ledger: var/\n") == Lines{"7:9: ledger names a folder; a file is wanted"});
  CHECK(wrong_with("ledger: ..\n") == Lines{"7:9: ledger names a folder; a file is wanted"});
  CHECK(wrong_with("ledger: ~/a.db\n") ==
        Lines{"7:9: ledger begins with ~, which only a shell replaces; write it out"});
}

TEST_CASE("the tenant list's name must tell its format") {
  const auto lines = wrong_with_job("name: a\ntenants: list.xlsx\n");
  REQUIRE(lines.size() == 2);
  CHECK(lines[1] == "2:10: tenants must name a file that ends in .csv, .yaml or .yml");
}

TEST_CASE("only {date} and {run} are known in report paths") {
  CHECK(wrong_with("report: {csv: 'ü{dat}', json: 'a{date', html: 'x}'}\n") ==
        Lines{"7:15: report.csv has an unknown placeholder {dat}; {date} and {run} are known",
              "7:31: report.json has a brace without its partner",
              "7:47: report.html has a brace without its partner"});
}

TEST_CASE("the partner's own tenant is a GUID or a domain") {
  for (const auto* text : {"common", "a.b/../c", "'a.b?x'", "a..b", "-a.b", "'a b.c'"}) {
    INFO(text);
    CHECK(wrong_with_partner_center("tenant", text) ==
          Lines{"4:11: partner_center.tenant must be a GUID or a domain such as contoso.onmicrosoft.com"});
  }
  CHECK(wrong_with_partner_center("tenant", "A0000001-0000-4000-8000-000000000001").empty());
}

TEST_CASE("the client id is a GUID, and is not repeated if it is none") {
  CHECK(wrong_with_partner_center("client_id", "hunter2") ==
        Lines{"4:14: partner_center.client_id must be a GUID"});
}

TEST_CASE("an address that tokens must not go to is refused without being repeated") {
  CHECK(wrong_with_partner_center("base_url", "http://u:hunter2@example.com") ==
        Lines{"4:13: partner_center.base_url: an address must not have a user name or password in it"});
  CHECK(
      wrong_with_partner_center("login_url", "http://localhost.evil.example") ==
      Lines{
          "4:14: partner_center.login_url: plain http is allowed for loopback alone (localhost, 127.0.0.0/8, "
          "[::1]); write https://"});
}

TEST_CASE("a file of authorities is there and holds a certificate") {
  const std::string start = "4:12: partner_center.ca_file names ";
  CHECK(wrong_with_partner_center("ca_file", "nowhere.pem") == Lines{start + "a file that does not exist"});
  CHECK(wrong_with_partner_center("ca_file", ".") ==
        Lines{"4:12: partner_center.ca_file names a folder; a file is wanted"});
  CHECK(wrong_with_partner_center("ca_file", "/dev/null") ==
        Lines{start + "something that is not a regular file"});
  // The job file itself is one that is there and is no certificate.
  const auto itself = wrong_with_partner_center("ca_file", "job.yaml");
  REQUIRE(itself.size() == 2);
  CHECK(itself[0] == start + "a file without a certificate in it (PEM, -----BEGIN CERTIFICATE-----)");
  CHECK(itself[1] == "4:12: partner_center.ca_file and the job file are the same file");
}

}  // namespace
}  // namespace offboard::test
