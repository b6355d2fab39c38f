#include "fake_service.hpp"

namespace offboard::test {
namespace {

Tokens tokens(const std::string& members) {
  return content_of<Tokens>(perform(What::sign_in, 200, R"({"access_token":"new-token")" + members + "}"));
}

Verdict verdict(int status, const std::string& error, What what = What::sign_in) {
  return perform(what, status, R"({"error":")" + error + R"(","error_description":"AADSTS70000: x"})")
      .verdict;
}

}  // namespace

TEST_CASE("a sign-in's answer is read with both tokens") {
  const auto found =
      tokens(R"(,"token_type":"Bearer","scope":"x","expires_in":"3599","refresh_token":"next-one")");
  CHECK(found.access_token.reveal() == "new-token");
  CHECK(found.lifetime == seconds(3599));
  REQUIRE(found.refresh_token);
  CHECK(found.refresh_token->reveal() == "next-one");
}

TEST_CASE("a token's lifetime is read as number and as text, and is short when it cannot be read") {
  CHECK(tokens(R"(,"expires_in":3600)").lifetime == seconds(3600));
  CHECK(tokens(R"(,"expires_in":"3600")").lifetime == seconds(3600));
  for (const std::string odd :
       {"", R"(,"expires_in":null)", R"(,"expires_in":-1)", R"(,"expires_in":"-3600")", R"(,"expires_in":0)",
        R"(,"expires_in":"soon")", R"(,"expires_in":[])", R"(,"expires_in":true)", R"(,"expires_in":"")"}) {
    INFO(odd);
    CHECK(tokens(odd).lifetime > seconds(0));
    CHECK(tokens(odd).lifetime <= seconds(600));
  }
  for (const std::string huge : {R"(,"expires_in":99999999999)", R"(,"expires_in":"9223372036854775807")",
                                 R"(,"expires_in":"99999999999999999999999")", R"(,"expires_in":1e300)"}) {
    INFO(huge);
    CHECK(tokens(huge).lifetime > seconds(0));
    CHECK(tokens(huge).lifetime <= std::chrono::hours(24));
  }
}

TEST_CASE("an answer without a refresh token leaves the old one in force") {
  for (const std::string none :
       {"", R"(,"refresh_token":null)", R"(,"refresh_token":"")", R"(,"refresh_token":[])"})
    CHECK_FALSE(tokens(none).refresh_token);
}

TEST_CASE("a refresh token that is not visible text is not kept") {
  for (const std::string bad : {"a\\r\\nb", "a b", "\\u0000", "t\\u00f6ken", "a\\u007f"})
    CHECK_FALSE(tokens(R"(,"refresh_token":")" + bad + "\"").refresh_token);
}

TEST_CASE("an answer without a usable access token is unanswered") {
  for (const std::string body :
       {"{}", R"({"access_token":null})", R"({"access_token":""})", R"({"access_token":["x"]})",
        R"({"access_token":"a\r\nX-Evil: 1"})", R"({"access_token":"a\nb"})", R"({"access_token":"a b"})",
        R"({"access_token":"\u0000"})", R"({"access_token":"t\u00f6ken"})",
        R"({"access_token":"x","access_token":"y"})", R"({"refresh_token":"x"})", "", "<html>"}) {
    INFO(body);
    CHECK(garbled(perform(What::sign_in, 200, body)));
    CHECK(garbled(perform(What::device_token, 200, body)));
  }
}

TEST_CASE("a refused sign-in is refused with the service's own code") {
  for (const std::string error :
       {"invalid_grant", "invalid_client", "interaction_required", "unauthorized_client"})
    for (const int status : {400, 401, 403}) CHECK(verdict(status, error) == Verdict::refused);
  const auto reply = perform(
      What::sign_in, 400,
      R"({"error":"invalid_grant","error_description":"AADSTS700082: The refresh token has expired.\r\nTrace ID: x",)"
      R"("error_codes":[700082]})");
  CHECK(reply.evidence.error_code == "AADSTS700082");
  CHECK_THAT(reply.evidence.message, Catch::Contains("has expired"));
}

TEST_CASE("a sign-in service in trouble is asked again, whatever its status") {
  for (const int status : {408, 500, 502, 503, 504})
    CHECK(verdict(status, "invalid_grant") == Verdict::unanswered);
  CHECK(verdict(400, "temporarily_unavailable") == Verdict::unanswered);
  CHECK(verdict(400, "server_error") == Verdict::unanswered);
  CHECK(verdict(429, "invalid_grant") == Verdict::throttled);
  CHECK(perform(ask_for(What::sign_in), failure(TransportFailure{TransportFailureKind::timeout, "x"}))
            .verdict == Verdict::unanswered);
}

TEST_CASE("a redirect of a sign-in is not a success") {
  CHECK(perform(What::sign_in, 302, sound_body(What::sign_in), {{"Location", "https://x/"}}).verdict ==
        Verdict::refused);
}

TEST_CASE("a device sign-in that nobody has finished is waited for") {
  CHECK(verdict(400, "authorization_pending", What::device_token) == Verdict::pending);
  CHECK(verdict(400, "slow_down", What::device_token) == Verdict::slow_down);
  CHECK(verdict(400, "expired_token", What::device_token) == Verdict::refused);
  CHECK(verdict(400, "authorization_declined", What::device_token) == Verdict::refused);
  CHECK(verdict(400, "access_denied", What::device_token) == Verdict::refused);
}

TEST_CASE("a device code is read with where to go, what to type and how often to ask") {
  const auto code = content_of<DeviceCode>(perform(
      What::device_code, 200,
      R"({"device_code":"long","user_code":"ABC-123","verification_uri":"https://microsoft.com/devicelogin",)"
      R"("expires_in":"600","interval":7,"message":"x"})"));
  CHECK(code.device_code.reveal() == "long");
  CHECK(code.user_code == "ABC-123");
  CHECK(code.verification_uri == "https://microsoft.com/devicelogin");
  CHECK(code.lifetime == seconds(600));
  CHECK(code.interval == seconds(7));
  const auto plain = content_of<DeviceCode>(perform(What::device_code, 200, sound_body(What::device_code)));
  CHECK(plain.lifetime == seconds(900));
  CHECK(plain.interval == seconds(5));
  for (const std::string uri : {"", "javascript:x", "https://user@h/", "https://h/\\u001b[2J"})
    CHECK(garbled(perform(What::device_code, 200,
                          R"({"device_code":"d","user_code":"A","verification_uri":")" + uri + "\"}")));
}

TEST_CASE("an answer that is too large is unusable if it is one to a sign-in") {
  const auto too_large = failure(TransportFailure{TransportFailureKind::too_large, "larger than 1 byte"});
  for (const auto what : {What::sign_in, What::device_code, What::device_token}) {
    const auto reply = perform(ask_for(what), too_large);
    CHECK(reply.verdict == Verdict::unanswered);
    CHECK(reply.is_unusable);
    CHECK(reply.evidence.error_code == "too-large");
  }
  CHECK_FALSE(perform(ask_for(What::customer), too_large).is_unusable);
  CHECK_FALSE(
      perform(ask_for(What::sign_in), failure(TransportFailure{TransportFailureKind::cut, "x"})).is_unusable);
}

TEST_CASE("a refused refresh token or code is told from a refused application") {
  const auto refused = [](int status, const std::string& error) {
    return perform(What::sign_in, status, R"({"error":")" + error + R"("})").refuses_grant;
  };
  CHECK(refused(400, "invalid_grant"));
  CHECK_FALSE(refused(401, "invalid_client"));
  CHECK_FALSE(refused(400, "interaction_required"));
  CHECK_FALSE(refused(503, "invalid_grant"));
}

}  // namespace offboard::test
