#include <partner_center/claims.hpp>

#include <catch2/catch.hpp>

#include "own_certificate.hpp"

namespace offboard::test {
namespace {

std::string to_base64url(const std::string& bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  for (auto& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text.substr(0, text.find('='));
}

std::string jwt_saying(const std::string& claims) {
  return to_base64url(R"({"alg":"RS256","typ":"JWT"})") + "." + to_base64url(claims) + ".signature";
}

Claims claims_in(const std::string& claims) {
  const auto read = read_claims(jwt_saying(claims));
  REQUIRE(read);
  return *read;
}

}  // namespace

TEST_CASE("a token's claims tell its tenant, its user, its application and the second factor") {
  const auto claims =
      claims_in(R"({"tid":"a0000001-0000-4000-8000-000000000001","upn":"jane@contoso.com","appid":"app-id",)"
                R"("app_displayname":"Offboarding","amr":["pwd","mfa"],"exp":1795397887})");
  CHECK(claims.tenant == "a0000001-0000-4000-8000-000000000001");
  CHECK(claims.user == "jane@contoso.com");
  CHECK(claims.application == "Offboarding (app-id)");
  CHECK(claims.second_factor == SecondFactor::used);
}

TEST_CASE("claims that are not there are empty, and a second factor that is not named was not used") {
  const auto none = claims_in("{}");
  CHECK(none.tenant.empty());
  CHECK(none.user.empty());
  CHECK(none.application.empty());
  for (const std::string amr :
       {"{}", R"({"amr":null})", R"({"amr":[]})", R"({"amr":["pwd"]})", R"({"amr":"mfa"})",
        R"({"amr":["mfax","mf","xmfa"]})", R"({"amr":[["mfa"]]})", R"({"amr":{"mfa":1}})"}) {
    INFO(amr);
    CHECK(claims_in(amr).second_factor == SecondFactor::not_claimed);
  }
}

TEST_CASE("a user and an application go by the first name that is given") {
  CHECK(claims_in(R"({"unique_name":"b","name":"d"})").user == "b");
  CHECK(claims_in(R"({"preferred_username":"c","name":"d"})").user == "c");
  CHECK(claims_in(R"({"upn":5,"name":"d"})").user == "d");
  CHECK(claims_in(R"({"azp":"x"})").application == "x");
  CHECK(claims_in(R"({"app_displayname":"x"})").application == "x");
}

TEST_CASE("what a claim says is one line that moves no cursor") {
  CHECK(claims_in(R"({"upn":"jane\n\u001b[2Jdoe"})").user.find_first_of("\n\x1b") == std::string::npos);
  CHECK(claims_in(R"({"upn":")" + std::string(5000, 'x') + "\"}").user.size() <= 210);
}

TEST_CASE("a token that is no JWT is opaque") {
  const auto whole = jwt_saying(R"({"tid":"x"})");
  REQUIRE(read_claims(whole));
  for (const std::string& token : {std::string(),
                                   std::string("sim-access-000001-abc"),
                                   std::string("."),
                                   std::string(".."),
                                   std::string("a..c"),
                                   std::string("a.b.c"),
                                   std::string("a.b"),
                                   std::string("!.!.!"),
                                   whole + ".more",
                                   std::string("e30.e30=.x"),
                                   std::string("e30.e=30.x"),
                                   std::string("e30. e30.x"),
                                   std::string("e30.e30\n.x"),
                                   std::string("e30.e3000.x"),
                                   "x." + to_base64url("[1]") + ".y",
                                   "x." + to_base64url("{\"a\":1") + ".y",
                                   "x." + to_base64url("") + ".y",
                                   "x." + to_base64url(R"({"tid":"a","tid":"b"})") + ".y",
                                   "x." + to_base64url("\xFF\xFE{}") + ".y",
                                   "x." + std::string(100'000, 'A') + ".y"}) {
    INFO(token.substr(0, 80));
    CHECK_FALSE(read_claims(token));
  }
}

}  // namespace offboard::test
