#include <catch2/catch.hpp>

#include "client.hpp"

using namespace offboard;
using namespace offboard::simulator;

namespace {

std::string refresh_token_of(const Reply& reply) {
  return body_of(reply).at("refresh_token").get<std::string>();
}

std::string description_of(const Reply& reply) {
  return body_of(reply).at("error_description").get<std::string>();
}

const std::string k_strict = "sign_in: {refresh_token: first, strict_rotation: true}";

}  // namespace

TEST_CASE("a sign-in brings an access token, its life and a new refresh token") {
  Client client("sign_in: {refresh_token: first, access_token_seconds: 600}");
  const Reply reply = client.sign_in("first");
  REQUIRE(reply.status == 200);
  CHECK(body_of(reply).at("expires_in") == 600);
  CHECK(body_of(reply).at("token_type") == "Bearer");
  CHECK(refresh_token_of(reply) != "first");
  CHECK(client.last().kind == Kind::token);
  CHECK(client.last().has(Effect::tokens_issued));
}

TEST_CASE("older refresh tokens stay valid unless rotation is strict") {
  Client lenient("sign_in: {refresh_token: first}");
  CHECK(lenient.sign_in("first").status == 200);
  Client strict(k_strict);
  const Reply refused = strict.sign_in("first");
  CHECK(refused.status == 400);
  CHECK(body_of(refused).at("error") == "invalid_grant");
  CHECK(strict.sign_in(strict.service.sign_in().current_refresh_token()).status == 200);
}

TEST_CASE("without rotation the answer has no refresh token") {
  Client client("sign_in: {refresh_token: first, rotate: false}");
  CHECK_FALSE(body_of(client.sign_in("first")).contains("refresh_token"));
}

TEST_CASE("an unknown refresh token is refused as an expired one") {
  Client client("sign_in: {refresh_token: first}");
  const Reply reply = client.sign_in("never-issued");
  CHECK(reply.status == 400);
  CHECK(description_of(reply).rfind("AADSTS700082: The refresh token has expired due to inactivity", 0) == 0);
  CHECK(body_of(reply).at("error_codes") == nlohmann::json::array({700082}));
  CHECK(client.last().has(Effect::sign_in_refused));
}

TEST_CASE("a wrong client secret is 401 invalid_client, and a right one is decoded from the form") {
  Client wrong("sign_in: {refresh_token: first, client_secret: other}");
  const Reply refused = wrong.sign_in("first");
  CHECK(refused.status == 401);
  CHECK(body_of(refused).at("error") == "invalid_client");
  CHECK(description_of(refused).rfind("AADSTS7000215", 0) == 0);
  Client right("sign_in: {refresh_token: first, client_secret: s+cret, client_id: me}");
  CHECK(right.sign_in("first").status == 200);
}

TEST_CASE("another client id or tenant is refused") {
  Client client("sign_in: {client_id: somebody-else}");
  CHECK(description_of(client.sign_in("first")).rfind("AADSTS700016", 0) == 0);
  Client tenant("sign_in: {tenant: fabrikam.onmicrosoft.com}");
  CHECK(description_of(tenant.sign_in("first")).rfind("AADSTS90002", 0) == 0);
}

TEST_CASE("a world can refuse every sign-in with a code of its choice") {
  Client client("sign_in: {refuse: AADSTS50078}");
  CHECK(description_of(client.sign_in("first")).rfind("AADSTS50078: Presented multi-factor", 0) == 0);
}

TEST_CASE("an access token is asked for and ends when its life is over") {
  Client client("sign_in: {access_token_seconds: 60}");
  CHECK(client.get("/v1/customers/relationshiprequests").status == 200);
  client.pass(seconds(60));
  const Reply late = client.get("/v1/customers/relationshiprequests");
  CHECK(late.status == 401);
  CHECK(client.last().has(Effect::unauthorized));
  CHECK(client.send({"GET", "/v1/customers/relationshiprequests", {}, ""}).status == 401);
}

TEST_CASE("a device code is pending first and brings tokens then, even after refresh tokens expired") {
  Client client("sign_in: {refuse: AADSTS700082, device_code_pending: 1}");
  const Reply code = client.send({"POST", "/contoso/oauth2/v2.0/devicecode", {}, "client_id=me&scope=x"});
  REQUIRE(code.status == 200);
  const std::string form = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code=" +
                           body_of(code).at("device_code").get<std::string>();
  const Reply pending = client.send({"POST", "/contoso/oauth2/v2.0/token", {}, form});
  CHECK(body_of(pending).at("error") == "authorization_pending");
  const Reply granted = client.send({"POST", "/contoso/oauth2/v2.0/token", {}, form});
  REQUIRE(granted.status == 200);
  CHECK(client.sign_in(refresh_token_of(granted)).status == 200);
}

TEST_CASE("any bearer token opens the door where somebody in front has judged it, and none does not") {
  constexpr auto k_target = "/v1/customers/relationshiprequests";
  const Headers foreign{{"Authorization", "Bearer issued-elsewhere"}};
  Client strict("sign_in: {refresh_token: first}");
  CHECK(strict.send({"GET", k_target, foreign, ""}).status == 401);
  Client client("sign_in: {trust: any-bearer}");
  CHECK(client.send({"GET", k_target, foreign, ""}).status == 200);
  CHECK(client.send({"GET", k_target, {}, ""}).status == 401);
  CHECK(client.send({"GET", k_target, Headers{{"Authorization", "Bearer "}}, ""}).status == 401);
  CHECK(client.send({"GET", k_target, Headers{{"Authorization", "Basic Zm9v"}}, ""}).status == 401);
}
