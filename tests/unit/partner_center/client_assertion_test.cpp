#include <partner_center/client_assertion.hpp>

#include <partner_center/credentials.hpp>

#include <cjose/cjose.h>
#include <nlohmann/json.hpp>

#include "base/wiped_memory.hpp"

#include "../base/temporary_folder.hpp"
#include "fake_service.hpp"
#include "own_certificate.hpp"

namespace offboard::test {
namespace {

const OwnCertificate& own() {
  static const auto k_own = OwnCertificate::rsa();
  return k_own;
}

const OwnCertificate& another() {
  static const auto k_another = OwnCertificate::rsa();
  return k_another;
}

ClientKey own_key() {
  return client_key(own().certificate_pem(), Secret(own().key_pem())).value();
}

std::string why_not(const std::string& certificates, const std::string& key) {
  const auto result = client_key(certificates, Secret(key));
  REQUIRE_FALSE(result);
  CHECK_THAT(result.error(), !Catch::Contains("BEGIN"));
  return result.error();
}

struct Jwt {
  explicit Jwt(const std::string& text) {
    const auto first = text.find('.');
    const auto last = text.rfind('.');
    REQUIRE(first < last);
    header = nlohmann::json::parse(from_base64url(text.substr(0, first)));
    claims = nlohmann::json::parse(from_base64url(text.substr(first + 1, last - first - 1)));
    signed_text = text.substr(0, last);
    signature = from_base64url(text.substr(last + 1));
  }
  nlohmann::json header;
  nlohmann::json claims;
  std::string signed_text;
  std::string signature;
};

/// What a form says, decoded as far as an assertion needs it.
std::string assertion_in(const HttpRequest& request) {
  const std::string name = "&client_assertion=";
  const auto at = request.body.find(name);
  REQUIRE(at != std::string::npos);
  return request.body.substr(at + name.size());
}

Ask signed_ask(What what) {
  auto ask = ask_for(what);
  Credentials credentials;
  credentials.refresh_token = Secret(std::string("refresh-me-0123456789"));
  credentials.device_code = Secret(std::string("device-code-0123456789"));
  credentials.client_key = own_key();
  ask.credentials = std::make_shared<Credentials>(std::move(credentials));
  return ask;
}

}  // namespace

TEST_CASE("an assertion is signed as PS256, and names its certificate and the one place it is good for") {
  const auto id = *Guid::parse("55555555-5555-4555-8555-555555555555");
  const UtcTime now(seconds(1795397887));
  const Jwt jwt(
      std::string(client_assertion(own_key(), "the-app", "https://login.example/x/token", id, now).reveal()));
  CHECK(jwt.header.at("alg") == "PS256");
  CHECK(jwt.header.at("typ") == "JWT");
  CHECK(from_base64url(jwt.header.at("x5t#S256").get<std::string>()) == own().digest());
  CHECK(jwt.claims.at("iss") == "the-app");
  CHECK(jwt.claims.at("sub") == "the-app");
  CHECK(jwt.claims.at("aud") == "https://login.example/x/token");
  CHECK(jwt.claims.at("jti") == id.text());
  CHECK(own().has_signed(jwt.signed_text, jwt.signature));
  CHECK_FALSE(another().has_signed(jwt.signed_text, jwt.signature));
  CHECK_FALSE(own().has_signed(jwt.signed_text + "x", jwt.signature));
}

TEST_CASE(
    "an assertion is good for some minutes either side of now, since clocks differ, and for ten at most") {
  const UtcTime now(seconds(1795397887));
  const Jwt jwt(std::string(client_assertion(own_key(), "a", "b", Guid(), now).reveal()));
  CHECK(jwt.claims.at("nbf").get<std::int64_t>() <= 1795397887 - 180);
  CHECK(jwt.claims.at("iat") == jwt.claims.at("nbf"));
  CHECK(jwt.claims.at("exp").get<std::int64_t>() >= 1795397887 + 180);
  CHECK(jwt.claims.at("exp").get<std::int64_t>() - jwt.claims.at("nbf").get<std::int64_t>() <= 600);
}

TEST_CASE("what is signed and the signature are wiped where cjose gives their memory back") {
  static_cast<void>(client_assertion(own_key(), "a", "b", Guid(), UtcTime{}));
  CHECK(cjose_get_dealloc() == wipe_and_free);
  CHECK(cjose_get_realloc() == wiping_realloc);
}

TEST_CASE("the certificate is found whatever stands beside it: its key, or others of a chain") {
  const auto all = another().certificate_pem() + own().key_pem() + own().certificate_pem();
  const auto found = client_key(all, Secret(all));
  REQUIRE(found);
  CHECK(found->thumbprint == own_key().thumbprint);
}

TEST_CASE("a key that cannot prove the application is told apart, and nothing of it is told") {
  const auto certificate = own().certificate_pem();
  const auto key = own().key_pem();
  CHECK_THAT(why_not(certificate, "nonsense"), Catch::Contains("no private key"));
  CHECK_THAT(why_not(certificate, certificate), Catch::Contains("no private key"));
  CHECK_THAT(why_not(certificate, key.substr(0, key.size() / 2)), Catch::Contains("no private key"));
  CHECK_THAT(why_not(certificate, own().encrypted_key_pem()), Catch::Contains("without a passphrase"));
  CHECK_THAT(why_not(key, key), Catch::Contains("no certificate"));
  CHECK_THAT(why_not("", key), Catch::Contains("no certificate"));
  CHECK_THAT(why_not(another().certificate_pem(), key), Catch::Contains("does not belong"));
  const auto elliptic = OwnCertificate::elliptic();
  CHECK_THAT(why_not(elliptic.certificate_pem(), elliptic.key_pem()), Catch::Contains("no RSA key"));
}

TEST_CASE("each question to the sign-in service, a repeated one too, carries an assertion of its own") {
  const StandingClock clock;
  FakeTransport transport(answered(503, ""));
  const Client client(settings(), {}, clock);
  std::vector<std::string> ids;
  for (const auto what : {What::sign_in, What::device_code, What::device_token}) {
    const auto ask = signed_ask(what);
    for (int i = 0; i < 2; ++i) {
      static_cast<void>(client.perform(ask, transport));
      const auto& request = transport.requests.back();
      CHECK_THAT(
          request.body,
          Catch::Contains("&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3A"
                          "jwt-bearer&") &&
              !Catch::Contains("client_secret"));
      const Jwt jwt(assertion_in(request));
      CHECK(jwt.claims.at("aud") ==
            "https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/token");
      CHECK(jwt.claims.at("iss") == settings().client_id);
      CHECK(own().has_signed(jwt.signed_text, jwt.signature));
      ids.push_back(jwt.claims.at("jti").get<std::string>());
    }
  }
  std::sort(ids.begin(), ids.end());
  CHECK(std::adjacent_find(ids.begin(), ids.end()) == ids.end());
}

TEST_CASE("an assertion goes to the sign-in service alone") {
  const StandingClock clock;
  FakeTransport transport(answered(503, ""));
  auto ask = signed_ask(What::customer);
  static_cast<void>(Client(settings(), {}, clock).perform(ask, transport));
  CHECK_THAT(transport.requests.back().body, !Catch::Contains("assertion"));
}

TEST_CASE("an assertion that the service says back does not travel on") {
  const StandingClock clock;
  struct Echo final : Transport {
    Expected<HttpAnswer, TransportFailure> exchange(const HttpRequest& request) override {
      assertion = assertion_in(request);
      return answered(400,
                      R"({"error":"invalid_client","error_description":"AADSTS700027: )" + assertion + "\"}");
    }
    void cancel() override {}
    std::string assertion;
  } echo;
  const auto reply = Client(settings(), {}, clock).perform(signed_ask(What::sign_in), echo);
  CHECK(reply.verdict == Verdict::refused);
  CHECK(reply.evidence.error_code == "AADSTS700027");
  CHECK_THAT(reply.evidence.message, !Catch::Contains(echo.assertion.substr(0, 40)));
}

TEST_CASE("a certificate and its key come from one file or two, of which the key's is not for everybody") {
  const TemporaryFolder folder;
  auto job = settings();
  const auto failure = [&] {
    const auto loaded = load_client_proof(job);
    REQUIRE_FALSE(loaded);
    CHECK_THAT(loaded.error(), Catch::Contains("no client certificate") && !Catch::Contains("BEGIN"));
    return loaded.error();
  };
  put(folder / "app.pem", own().certificate_pem());
  put(folder / "key.pem", own().key_pem());
  put(folder / "both.pem", own().key_pem() + own().certificate_pem());
  job.client_certificate = ClientCertificate{folder / "app.pem", folder / "key.pem"};
  ::chmod((folder / "key.pem").c_str(), 0644);
  CHECK_THAT(failure(), Catch::Contains("chmod o= " + (folder / "key.pem").string()));
  ::chmod((folder / "key.pem").c_str(), 0600);
  CHECK(load_client_proof(job)->client_key->thumbprint == own_key().thumbprint);
  job.client_certificate = ClientCertificate{folder / "both.pem", folder / "both.pem"};
  ::chmod((folder / "both.pem").c_str(), 0644);
  CHECK_THAT(failure(), Catch::Contains("everybody"));
  ::chmod((folder / "both.pem").c_str(), 0600);
  CHECK(load_client_proof(job)->client_key->thumbprint == own_key().thumbprint);
  job.client_certificate = ClientCertificate{folder / "absent.pem", folder / "key.pem"};
  CHECK_THAT(failure(), Catch::Contains("absent.pem"));
  job.client_certificate = ClientCertificate{folder / "app.pem", folder.path()};
  CHECK_THAT(failure(), Catch::Contains("not a regular file"));
}

}  // namespace offboard::test
