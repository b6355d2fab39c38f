#include "intake/job_file.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

#include "given_file.hpp"

namespace offboard::test {
namespace {

/// The least that a job needs; six lines.
const std::string k_least =
    "name: nightly\n"
    "tenants: list.csv\n"
    "partner_center:\n"
    "  tenant: contoso.onmicrosoft.com\n"
    "  client_id: 00000000-0000-0000-0000-000000000000\n"
    "  refresh_token: {file: token}\n";

Job read_in(const Folder& folder, const std::string& content) {
  return read_job(folder.write("jobs/nightly.yaml", content));
}

Job read_text(const std::string& content) {
  return read_in(Folder(), content);
}

TEST_CASE("a job that says the least has the contract's defaults") {
  const Folder folder;
  const auto job = read_in(folder, k_least);
  const auto jobs = folder.path() / "jobs";
  CHECK(job.file == jobs / "nightly.yaml");
  CHECK(job.name == "nightly");
  CHECK(job.tenants == jobs / "list.csv");
  CHECK(job.ledger == jobs / "nightly.db");
  CHECK(job.partner_center.base_url == "https://api.partnercenter.microsoft.com");
  CHECK(job.partner_center.login_url == "https://login.microsoftonline.com");
  CHECK(job.partner_center.tenant == "contoso.onmicrosoft.com");
  CHECK(job.partner_center.client_id == "00000000-0000-0000-0000-000000000000");
  CHECK_FALSE(job.partner_center.client_secret);
  CHECK(job.partner_center.ca_file.empty());
  CHECK(job.partner_center.refresh_token_file == jobs / "token");
  CHECK(job.workers == 8);
  CHECK_FALSE(job.rate.per_minute);
  CHECK(job.policy.recheck_after == std::chrono::minutes(10));
  CHECK(job.policy.software == SoftwarePolicy::block);
  CHECK_FALSE(job.policy.max_patches);
  CHECK_FALSE(job.policy.deadline);
  CHECK(job.policy.failed == FailedTenants::leave);
  CHECK(job.retry.max_attempts == 6);
  CHECK(job.retry.max_wait == std::chrono::minutes(5));
  CHECK(job.retry.timeout == std::chrono::minutes(3));
  CHECK(job.retry.connect_timeout == seconds(10));
  CHECK(job.report.csv.empty());
  CHECK(job.report.json.empty());
  CHECK(job.report.html.empty());
}

TEST_CASE("every key of a job is read") {
  const Folder folder;
  folder.write("ca.pem", "-----BEGIN CERTIFICATE-----\n");
  const auto job =
      read_in(folder, k_least +
                          "  cloud: china\n"
                          "  base_url: http://127.0.0.1:8700/\n"
                          "  ca_file: ../ca.pem\n"
                          "  client_secret: {env: OFFBOARD_CLIENT_SECRET}\n"
                          "ledger: ../var/n.db\n"
                          "workers: 256\n"
                          "policy: {recheck_after: 1500ms, software: ignore, max_patches: 500,\n"
                          "         deadline: \"1d\", retry_failed: true}\n"
                          "retry: {max_attempts: 100, max_wait: 90s, timeout: 2m, connect_timeout: 1h}\n"
                          "rate: {per_minute: 475}\n"
                          "report: {csv: 'r/{date}-{run}.csv', json: a.json, html: '/tmp/{date}.html'}\n");
  CHECK(job.ledger == folder.path() / "var/n.db");
  CHECK(job.partner_center.base_url == "http://127.0.0.1:8700");
  CHECK(job.partner_center.login_url == "https://login.chinacloudapi.cn");
  CHECK(job.partner_center.ca_file == folder.path() / "ca.pem");
  CHECK(std::get<FromEnvironment>(job.partner_center.client_secret.value()).variable ==
        "OFFBOARD_CLIENT_SECRET");
  CHECK(job.workers == 256);
  CHECK(job.policy.recheck_after == milliseconds(1500));
  CHECK(job.policy.software == SoftwarePolicy::ignore);
  CHECK(job.policy.max_patches == 500);
  CHECK(job.policy.deadline == std::chrono::hours(24));
  CHECK(job.policy.failed == FailedTenants::retry);
  CHECK(job.retry.max_attempts == 100);
  CHECK(job.retry.max_wait == seconds(90));
  CHECK(job.retry.timeout == std::chrono::minutes(2));
  CHECK(job.retry.connect_timeout == std::chrono::hours(1));
  CHECK(job.rate.per_minute == 475);
  CHECK(job.report.csv == (folder.path() / "jobs/r/{date}-{run}.csv").string());
  CHECK(job.report.json == (folder.path() / "jobs/a.json").string());
  CHECK(job.report.html == "/tmp/{date}.html");
}

TEST_CASE("the cloud sets both addresses, and addresses win over it, in any order") {
  const auto global = read_text(k_least + "  cloud: global\n").partner_center;
  CHECK(global.base_url == "https://api.partnercenter.microsoft.com");
  CHECK(global.login_url == "https://login.microsoftonline.com");
  const auto government = read_text(k_least + "  cloud: us-government\n").partner_center;
  CHECK(government.base_url == "https://api.partnercenter.microsoft.com");
  CHECK(government.login_url == "https://login.microsoftonline.us");
  const auto china =
      read_text(k_least + "  login_url: https://login.example\n  cloud: china\n").partner_center;
  CHECK(china.base_url == "https://partner.partnercenterapi.microsoftonline.cn");
  CHECK(china.login_url == "https://login.example");
}

TEST_CASE("missing keys are reported at the map that lacks them, by their full name") {
  CHECK(wrong_with_job("workers: 1\npartner_center:\n  cloud: china\n") ==
        Lines{"1:1: the required key name is missing", "1:1: the required key tenants is missing",
              "3:3: the required key partner_center.tenant is missing",
              "3:3: the required key partner_center.client_id is missing",
              "3:3: the required key partner_center.refresh_token is missing"});
  CHECK(wrong_with_job("name: a\ntenants: a.csv\n") ==
        Lines{"1:1: the required key partner_center is missing"});
}

TEST_CASE("an unknown key is an error, with the nearest one or where it belongs") {
  const std::string known =
      "known are name, tenants, ledger, partner_center, workers, policy, retry, rate, report";
  CHECK(wrong_with_job(k_least + "worker: 3\nPolicy: {}\nmax-wait: 3\nmax_wait: 3s\nfoo: [1]\n") ==
        Lines{"7:1: unknown key \"worker\"; did you mean workers?",
              "8:1: unknown key \"Policy\"; did you mean policy?", "9:1: unknown key \"max-wait\"; " + known,
              "10:1: unknown key \"max_wait\"; max_wait belongs under retry",
              "11:1: unknown key \"foo\"; " + known});
  CHECK(wrong_with_job(k_least + "retry: {é: 1, max_attemps: 1}\n") ==
        Lines{"7:9: unknown key \"é\" in retry; known are max_attempts, max_wait, timeout, connect_timeout",
              "7:15: unknown key \"max_attemps\" in retry; did you mean max_attempts?"});
}

TEST_CASE("a doubled key is an error at its second place") {
  CHECK(wrong_with_job(k_least + "  'tenant': b.c\nname: b\n") ==
        Lines{"7:3: the key partner_center.tenant stands here twice", "8:1: the key name stands here twice"});
}

TEST_CASE("a section must be a map") {
  CHECK(wrong_with_job(k_least + "policy: strict\nretry: [1]\nreport:\n") ==
        Lines{"7:9: policy must be a map, not text", "8:8: retry must be a map, not a list",
              "9:1: report has no value; leave the key out, or write keys below it"});
  CHECK(wrong_with_job("- a\n") == Lines{"1:1: a job file must be a map, not a list"});
  CHECK(wrong_with_job("text\n") == Lines{"1:1: a job file must be a map, not text"});
}

TEST_CASE("paths are relative to the job file's folder, wherever that is") {
  const Folder folder;
  folder.write("a/b/job.yaml", k_least);
  const auto previous = std::filesystem::current_path();
  std::filesystem::current_path(folder.path() / "a");
  const auto below = read_job("b/job.yaml");
  std::filesystem::current_path(folder.path() / "a/b");
  const auto here = read_job("job.yaml");
  std::filesystem::current_path(previous);
  CHECK(below.tenants == "b/list.csv");
  CHECK(below.ledger == "b/job.db");
  CHECK(here.tenants == "list.csv");
  CHECK(here.ledger == "job.db");
}

TEST_CASE("two keys that name one file are an error") {
  CHECK(wrong_with_job(k_least + "report: {csv: a, json: ./x/../a, html: list.csv}\nledger: token\n") ==
        Lines{"7:24: report.json and report.csv are the same file",
              "7:40: report.html and tenants are the same file",
              "8:9: ledger and partner_center.refresh_token are the same file"});
  CHECK(wrong_with_job(k_least + "report: {csv: job.db, json: job.yaml}\n") ==
        Lines{"7:15: report.csv and the default for ledger are the same file",
              "7:29: report.json and the job file are the same file"});
}

TEST_CASE("two names of one file are seen through symbolic links") {
  const Folder folder;
  folder.write("jobs/list.csv", "x");
  std::filesystem::create_symlink(folder.path() / "jobs/list.csv", folder.path() / "jobs/other");
  const auto file = folder.write("jobs/job.yaml", k_least + "ledger: other\n");
  CHECK(complaints_of([&] { (void)read_job(file); }) == Lines{"7:9: ledger and tenants are the same file"});
}

TEST_CASE("a job file that is not there is the user's mistake") {
  const Folder folder;
  CHECK(complaints_of([&] { (void)read_job(folder.path() / "none.yaml"); }) ==
        Lines{"1:1: there is no such file"});
  CHECK(complaints_of([&] { (void)read_job(folder.path()); }) == Lines{"1:1: this is not a regular file"});
}

}  // namespace
}  // namespace offboard::test
