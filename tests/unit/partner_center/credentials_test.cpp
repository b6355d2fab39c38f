#include <partner_center/credentials.hpp>

#include <base/defect.hpp>

#include <cstdlib>

#include "../base/temporary_folder.hpp"
#include "fake_service.hpp"

namespace offboard::test {
namespace {

/// A job whose refresh token is sound, in a folder of its own.
struct Given {
  TemporaryFolder folder;
  PartnerCenterSettings job = settings();
  Given() {
    job.refresh_token_file = folder / "refresh-token";
    put(job.refresh_token_file, "refresh-me\n");
  }
  [[nodiscard]] std::string failure() const {
    const auto loaded = load_credentials(job);
    REQUIRE_FALSE(loaded);
    return loaded.error();
  }
  [[nodiscard]] std::string secret() const {
    const auto loaded = load_credentials(job);
    REQUIRE(loaded);
    REQUIRE(loaded->client_secret);
    return std::string(loaded->client_secret->reveal());
  }
};

}  // namespace

TEST_CASE("a public client has a refresh token and no secret") {
  const Given given;
  const auto loaded = load_credentials(given.job);
  REQUIRE(loaded);
  CHECK(loaded->refresh_token.reveal() == "refresh-me");
  CHECK_FALSE(loaded->client_secret);
  CHECK_FALSE(load_client_proof(given.job)->client_secret);
}

TEST_CASE(
    "the client secret comes from the environment, a file or a program, without the line end around it") {
  Given given;
  ::setenv("OFFBOARD_TEST_SECRET", " env-secret\n", 1);
  given.job.client_secret = FromEnvironment{"OFFBOARD_TEST_SECRET"};
  CHECK(given.secret() == "env-secret");
  put(given.folder / "secret", "file-secret\r\n");
  ::chmod((given.folder / "secret").c_str(), 0640);
  given.job.client_secret = FromFile{given.folder / "secret"};
  CHECK(given.secret() == "file-secret");
  given.job.client_secret = FromCommand{{"echo", "command-secret"}};
  CHECK(given.secret() == "command-secret");
  CHECK(load_client_proof(given.job)->client_secret->reveal() == "command-secret");
  CHECK(load_client_proof(given.job)->refresh_token.empty());
}

TEST_CASE("a refresh token that is missing, empty or no single line is told, and its text is not") {
  Given given;
  for (const std::string content :
       {"", "\n", " \t\r\n", "hidden-token\nsecond line", "hidden\ttoken", "hidden\x7F token"}) {
    put(given.job.refresh_token_file, content);
    const auto failure = given.failure();
    CHECK_THAT(failure, Catch::Contains(given.job.refresh_token_file.string()));
    CHECK_THAT(failure, !Catch::Contains("hidden"));
  }
  put(given.job.refresh_token_file, std::string("hidden\0token", 12));
  CHECK_THAT(given.failure(), !Catch::Contains("hidden"));
  put(given.job.refresh_token_file, std::string(70'000, 'x'));
  CHECK_THAT(given.failure(), Catch::Contains("larger"));
  std::filesystem::remove(given.job.refresh_token_file);
  CHECK_THAT(given.failure(), Catch::Contains(given.job.refresh_token_file.string()));
}

TEST_CASE("a client secret that cannot be had is told by its source, without its text") {
  Given given;
  ::unsetenv("OFFBOARD_TEST_UNSET");
  given.job.client_secret = FromEnvironment{"OFFBOARD_TEST_UNSET"};
  CHECK_THAT(given.failure(), Catch::Contains("OFFBOARD_TEST_UNSET"));
  ::setenv("OFFBOARD_TEST_EMPTY", " ", 1);
  given.job.client_secret = FromEnvironment{"OFFBOARD_TEST_EMPTY"};
  CHECK_THAT(given.failure(), Catch::Contains("OFFBOARD_TEST_EMPTY") && Catch::Contains("empty"));
  ::setenv("OFFBOARD_TEST_LINES", "hidden\nsecond", 1);
  given.job.client_secret = FromEnvironment{"OFFBOARD_TEST_LINES"};
  CHECK_THAT(given.failure(), Catch::Contains("OFFBOARD_TEST_LINES") && !Catch::Contains("hidden"));
  given.job.client_secret = FromFile{given.folder / "missing"};
  CHECK_THAT(given.failure(), Catch::Contains("missing"));
  given.job.client_secret = FromFile{given.folder.path()};
  CHECK_THAT(given.failure(), Catch::Contains("not a regular file"));
  given.job.client_secret = FromCommand{{"sh", "-c", "echo hidden; exit 9"}};
  CHECK_THAT(given.failure(), Catch::Contains("exit code 9") && !Catch::Contains("hidden"));
  given.job.client_secret = FromCommand{{"no-such-program-anywhere"}};
  CHECK_THAT(given.failure(), Catch::Contains("no-such-program-anywhere"));
  given.job.client_secret = FromCommand{{"true"}};
  CHECK_THAT(given.failure(), Catch::Contains("empty"));
}

TEST_CASE("a client secret in a file that everybody can read is refused with the cure") {
  Given given;
  put(given.folder / "secret", "hidden");
  given.job.client_secret = FromFile{given.folder / "secret"};
  for (const mode_t mode : {0644U, 0604U, 0444U}) {
    ::chmod((given.folder / "secret").c_str(), mode);
    CHECK_THAT(given.failure(), Catch::Contains("chmod o= " + (given.folder / "secret").string()) &&
                                    !Catch::Contains("hidden"));
  }
  ::chmod((given.folder / "secret").c_str(), 0640);
  CHECK(given.secret() == "hidden");
}

TEST_CASE("the program that prints the secret is run without a shell, and its argument is not told") {
  Given given;
  given.job.client_secret = FromCommand{{"printf", "%s", "$HOME;id"}};
  CHECK(given.secret() == "$HOME;id");
  given.job.client_secret = FromCommand{{"false", "hidden-argument"}};
  CHECK_THAT(given.failure(), !Catch::Contains("hidden-argument"));
}

TEST_CASE("a rotated refresh token replaces the old one whole, for the owner only") {
  const Given given;
  const auto file = given.job.refresh_token_file;
  ::chmod(file.c_str(), 0644);
  store_refresh_token(file, Secret(std::string("rotated")));
  CHECK(content_of(file) == "rotated");
  CHECK(mode_of(file) == 0600);
  CHECK(files_in(given.folder.path()) == 1);
  CHECK(load_credentials(given.job)->refresh_token.reveal() == "rotated");
}

TEST_CASE("a first refresh token is stored where there was none, its folder made") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "var" / "deep" / "refresh-token";
  store_refresh_token(file, Secret(std::string("first")));
  CHECK(content_of(file) == "first");
  CHECK(mode_of(file) == 0600);
}

TEST_CASE("a refresh token behind a symbolic link is replaced there, and the link stays one") {
  const Given given;
  std::filesystem::create_directory(given.folder / "vault");
  put(given.folder.path() / "vault" / "token", "old");
  const auto link = given.folder / "link";
  std::filesystem::create_symlink("vault/token", link);
  store_refresh_token(link, Secret(std::string("rotated")));
  CHECK(std::filesystem::is_symlink(link));
  CHECK(content_of(given.folder.path() / "vault" / "token") == "rotated");
  CHECK(mode_of(given.folder.path() / "vault" / "token") == 0600);
}

TEST_CASE("a refresh token that cannot be stored is the machine's trouble, and is not told") {
  const TemporaryFolder folder;
  put(folder / "file", "");
  try {
    store_refresh_token(folder.path() / "file" / "token", Secret(std::string("hidden")));
    FAIL("it cannot have been stored");
  } catch (const MachineTrouble& trouble) {
    CHECK_THAT(trouble.what(), !Catch::Contains("hidden"));
  }
}

}  // namespace offboard::test
