#include <catch2/catch.hpp>
#include <string>

#include "given_file.hpp"
#include "intake/job_file.hpp"

namespace offboard::test {
namespace {

/// The two secrets stand on lines 6 and 7.
std::string job_with(const std::string& client_secret, const std::string& refresh_token = "{file: token}") {
  return "name: nightly\n"
         "tenants: list.csv\n"
         "partner_center:\n"
         "  tenant: contoso.onmicrosoft.com\n"
         "  client_id: 00000000-0000-0000-0000-000000000000\n"
         "  client_secret: " +
         client_secret + "\n  refresh_token: " + refresh_token + "\n";
}

SecretSource source_in(const Folder& folder, const std::string& client_secret) {
  return read_job(folder.write("job.yaml", job_with(client_secret))).partner_center.client_secret.value();
}

TEST_CASE("a client secret comes from the environment, a file or a command") {
  const Folder folder;
  CHECK(std::get<FromEnvironment>(source_in(folder, "{env: _A1}")).variable == "_A1");
  CHECK(std::get<FromFile>(source_in(folder, "{file: ../secret}")).path ==
        folder.path().parent_path() / "secret");
  CHECK(std::get<FromCommand>(source_in(folder, "{command: [pass, 'a b', '']}")).command ==
        std::vector<std::string>{"pass", "a b", ""});
}

TEST_CASE("a command's program with a slash is relative to the job file's folder, its arguments are not") {
  const Folder folder;
  CHECK(std::get<FromCommand>(source_in(folder, "{command: [./get, ./x]}")).command ==
        std::vector<std::string>{(folder.path() / "get").string(), "./x"});
  CHECK(std::get<FromCommand>(source_in(folder, "{command: [/bin/get]}")).command ==
        std::vector<std::string>{"/bin/get"});
}

TEST_CASE("a secret in the job file itself is refused and not repeated") {
  const Lines refusal = {
      "6:18: partner_center.client_secret is a secret and must not be written into the job file; write "
      "{env: VARIABLE}, {file: PATH} or {command: [PROGRAM, ARG]}, and change the secret if anybody else can "
      "read "
      "this file"};
  CHECK(wrong_with_job(job_with("hunter2")) == refusal);
  CHECK(wrong_with_job(job_with("'hunter2'")) == refusal);
  CHECK(wrong_with_job(job_with("12345")) == refusal);
}

TEST_CASE("a refresh token in the job file itself is refused and not repeated") {
  CHECK(
      wrong_with_job(job_with("{env: A}", "0.hunter2")) ==
      Lines{"7:18: partner_center.refresh_token is a secret and must not be written into the job file; write "
            "{file: PATH}, and revoke the token if anybody else can read this file"});
}

TEST_CASE("a refresh token is always a file, since it is rewritten") {
  const std::string refusal =
      "7:19: partner_center.refresh_token must be {file: PATH}: the token is rewritten when the service "
      "rotates it";
  CHECK(wrong_with_job(job_with("{env: A}", "{env: TOKEN}")) == Lines{refusal});
  CHECK(wrong_with_job(job_with("{env: A}", "{command: [get]}")) == Lines{refusal});
  CHECK(wrong_with_job(job_with("{env: A}", "{}")) ==
        Lines{"7:18: the required key partner_center.refresh_token.file is missing"});
}

TEST_CASE("a client secret has exactly one source") {
  const Lines refusal = {"6:18: partner_center.client_secret needs exactly one of env, file and command"};
  CHECK(wrong_with_job(job_with("{}")) == refusal);
  CHECK(wrong_with_job(job_with("{env: A, file: b}")) == refusal);
}

TEST_CASE("a certificate stands for a secret, with its key in the same file or in one of its own") {
  const Folder folder;
  const auto without_secret = [&](const std::string& text) {
    auto job = job_with("x");
    const std::string line = "  client_secret: x\n";
    return job.replace(job.find(line), line.size(), "  client_certificate: " + text + "\n");
  };
  const auto read = [&](const std::string& text) {
    return read_job(folder.write("job.yaml", without_secret(text))).partner_center;
  };
  const auto alone = read("{file: ../app.pem}");
  CHECK_FALSE(alone.client_secret);
  CHECK(alone.client_certificate->file == folder.path().parent_path() / "app.pem");
  CHECK(alone.client_certificate->key == alone.client_certificate->file);
  CHECK(read("{file: app.pem, key: keys/app.pem}").client_certificate->key == folder.path() / "keys/app.pem");
}

TEST_CASE("a certificate that is not a file, or stands beside a secret, is refused") {
  const auto beside = [](const std::string& text) {
    return wrong_with_job(job_with("{env: A}\n  client_certificate: " + text));
  };
  CHECK(
      beside("{file: app.pem}") ==
      Lines{"7:23: partner_center.client_certificate and partner_center.client_secret are two proofs of one "
            "application; leave one out"});
  CHECK(
      beside("'-----BEGIN PRIVATE KEY----- hunter2'").back() ==
      "7:23: partner_center.client_certificate must say where the certificate is found; write {file: PATH}, "
      "or {file: PATH, key: PATH} if its private key has a file of its own");
  CHECK(beside("{key: app.pem}").back() ==
        "7:23: the required key partner_center.client_certificate.file is missing");
  CHECK(beside("{file: app.pem, hunter2: 1}").back() ==
        "7:39: unknown key in partner_center.client_certificate; known are file, key");
}

TEST_CASE("a source that is none is refused, and what stands there is not repeated") {
  CHECK(wrong_with_job(job_with("{env: 'hunter-2'}")) ==
        Lines{"6:24: partner_center.client_secret.env must be the name of an environment variable (letters, "
              "digits, "
              "_)"});
  CHECK(wrong_with_job(job_with("{hunter2}")) ==
        Lines{"6:19: unknown key in partner_center.client_secret; known are env, file, command"});
  CHECK(wrong_with_job(job_with("{value: hunter2}")) ==
        Lines{"6:19: unknown key in partner_center.client_secret; known are env, file, command"});
  CHECK(
      wrong_with_job(job_with("{command: get hunter2}")) ==
      Lines{
          "6:28: partner_center.client_secret.command must be a list of a program and its arguments, such as "
          "[pass, show, offboard]"});
  CHECK(wrong_with_job(job_with("{command: [get, 5, {}]}")) ==
        Lines{"6:34: each item of partner_center.client_secret.command must be a text, not a number; put it "
              "in quotes",
              "6:37: each item of partner_center.client_secret.command must be a text, not a map"});
  CHECK(wrong_with_job(job_with("{command: ['']}")) ==
        Lines{"6:29: each item of partner_center.client_secret.command is empty"});
}

TEST_CASE("a secret under a key of its own is refused with the key alone") {
  const auto lines = wrong_with_job(job_with("{env: A}") + "  password: hunter2\n");
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].substr(0, 46) == "8:3: unknown key \"password\" in partner_center;");
  CHECK(lines[0].find("hunter2") == std::string::npos);
}

TEST_CASE("a file that is no YAML is refused without repeating what stands there") {
  for (const auto* secret :
       {"*hunter2", "@hunter2", "&hunter2 x", "!hunter2 x", "'hunter2", "hunter2: x: y", "[hunter2"}) {
    INFO(secret);
    const auto lines = wrong_with_job(job_with(secret));
    REQUIRE_FALSE(lines.empty());
    for (const auto& line : lines) CHECK(line.find("hunter2") == std::string::npos);
  }
}

}  // namespace
}  // namespace offboard::test
