#include "fake_service.hpp"

namespace offboard::test {
namespace {

/// An error in which the service repeats a text, in every place that is kept.
std::vector<HttpAnswer> echoes(const std::string& text) {
  const std::string trouble = "The value " + text + " is not good, really " + text;
  return {answered(400, R"({"code":")" + text + R"(","description":")" + trouble + "\"}"),
          answered(500, R"({"error":")" + text + R"(","error_description":")" + trouble + "\"}"),
          answered(403, R"({"error":{"code":")" + text + R"(","message":")" + trouble + "\"}}"),
          answered(401, "", {{"WWW-Authenticate", "Bearer realm=\"" + text + "\""}}),
          answered(404, "<html>" + trouble + "</html>"),
          answered(429, R"({"message":")" + trouble + "\"}")};
}

std::string everything_kept(const Evidence& evidence) {
  return evidence.error_code + " " + evidence.message;
}

Ask with_secrets(What what, const std::string& text) {
  auto ask = ask_for(what);
  ask.token = std::make_shared<AccessToken>(AccessToken{Secret(text), 1});
  Credentials credentials;
  credentials.refresh_token = Secret(text);
  credentials.client_secret = Secret(text);
  credentials.device_code = Secret(text);
  ask.credentials = std::make_shared<Credentials>(std::move(credentials));
  return ask;
}

/// As long as the tokens of the service are: about 2,000 characters, none of them repeating soon.
std::string long_token() {
  std::string token = "eyJ0eXAiOiJKV1Qi.";
  for (int i = 0; token.size() < 2000; ++i) token += "part" + std::to_string(i * 7919) + "_";
  return token;
}

}  // namespace

TEST_CASE("no secret of a request stands in its evidence, wherever the service echoes it") {
  for (const auto what : k_api) {
    for (const auto& echo : echoes("access-token-0123456789")) {
      INFO(name_of(what) << " " << echo.status);
      const auto evidence = perform(ask_for(what), echo).evidence;
      CHECK_THAT(everything_kept(evidence), !Catch::Contains("access-token-0123456789"));
    }
  }
  for (const auto what : {What::sign_in, What::device_token}) {
    for (const std::string secret :
         {"refresh/token+0123456789", "client~secret&0123456789", "device-code-0123456789"}) {
      for (const auto& echo : echoes(secret)) {
        INFO(name_of(what) << " " << echo.status << " " << secret);
        CHECK_THAT(everything_kept(perform(ask_for(what), echo).evidence), !Catch::Contains(secret));
      }
    }
  }
}

TEST_CASE("no secret gets into a fact, however the service's JSON spells it") {
  for (const std::string spelling : {"access-token-0123456789", R"(\u0061ccess-tok\u0065n-0123456789)",
                                     R"(\\\u0061ccess-token-0123456789)", R"(refresh\/token+0123456789)",
                                     R"(\u0072efresh\u002ftoken\u002B0123456789)"}) {
    INFO(spelling);
    const auto customer = content_of<Customer>(
        perform(What::customer, 200,
                R"({"id":")" + k_tenant + R"(","companyProfile":{"companyName":"by )" + spelling + "\"}}"));
    CHECK_THAT(customer.company_name, Catch::StartsWith("by ") && Catch::EndsWith("…"));
  }
}

TEST_CASE("an answer's escapes keep their meaning") {
  const auto customer = content_of<Customer>(
      perform(What::customer, 200,
              R"({"id":")" + k_tenant +
                  R"(","companyProfile":{"companyName":"\u0041\\u0041\u0022\u005c\u00e9\/\""}})"));
  CHECK(customer.company_name == "A\\u0041\"\\\xC3\xA9/\"");
  CHECK(garbled(perform(What::customer, 200, R"({"id":")" + k_tenant + R"(","x":1\u0037})")));
  CHECK(garbled(perform(What::customer, 200, R"({\u0022id":")" + k_tenant + R"("})")));
}

TEST_CASE("no secret stands in the evidence of a transport failure") {
  const auto reply =
      perform(ask_for(What::customer),
              failure(TransportFailure{TransportFailureKind::cut, "sent access-token-0123456789 and lost"}));
  CHECK_THAT(everything_kept(reply.evidence), !Catch::Contains("access-token-0123456789"));
  CHECK_THAT(everything_kept(reply.evidence), Catch::Contains("lost"));
}

TEST_CASE("a token that is longer than the evidence leaves no part of itself there") {
  const auto token = long_token();
  for (const auto what : {What::customer, What::removal, What::sign_in}) {
    for (const auto& echo : echoes(token)) {
      INFO(name_of(what) << " " << echo.status);
      const auto kept = everything_kept(perform(with_secrets(what, token), echo).evidence);
      CHECK(kept.find(token.substr(0, 60)) == std::string::npos);
    }
  }
}

TEST_CASE("a token that the end of the evidence cuts in two leaves no part of itself there") {
  const std::string token = "0123456789abcdefghijklmnopqrstuvwxyz";
  for (const std::size_t before : {990U, 1000U, 1010U, 1020U}) {
    INFO(before);
    const auto reply =
        perform(with_secrets(What::customer, token),
                answered(403, R"({"code":1,"description":")" + std::string(before, '.') + token + "\"}"));
    CHECK(reply.evidence.message.find(token.substr(0, 4)) == std::string::npos);
  }
}

TEST_CASE("a secret that is echoed as it stood in the form does not stay either") {
  for (const std::string encoded : {"refresh%2Ftoken%2B0123456789", "client~secret%260123456789"}) {
    for (const auto& echo : echoes(encoded)) {
      INFO(encoded << " " << echo.status);
      CHECK_THAT(everything_kept(perform(ask_for(What::sign_in), echo).evidence), !Catch::Contains(encoded));
    }
  }
}

TEST_CASE("what is not secret stays in the evidence") {
  const auto reply =
      perform(What::removal, 400, R"({"code":"2000","description":"token access-token-0123456789 refused"})");
  CHECK(reply.evidence.error_code == "2000");
  CHECK_THAT(reply.evidence.message, Catch::StartsWith("token ") && Catch::EndsWith(" refused"));
}

TEST_CASE(
    "a secret goes only where it belongs: the token to the API, the credentials to the sign-in service") {
  const StandingClock clock;
  for (const auto what :
       {What::customer, What::removal, What::sign_in, What::device_code, What::device_token}) {
    FakeTransport transport(answered(500, ""));
    (void)Client(settings(), {}, clock).perform(ask_for(what), transport);
    REQUIRE(transport.requests.size() == 1);
    const auto& request = transport.requests[0];
    std::string all = request.url + request.body;
    for (const auto& header : request.headers) all += header.name + header.value;
    INFO(name_of(what));
    CHECK((all.find("access-token") != std::string::npos) == !is_sign_in(what));
    CHECK((all.find("refresh%2Ftoken") != std::string::npos) == (what == What::sign_in));
    CHECK((all.find("device-code") != std::string::npos) == (what == What::device_token));
    CHECK(request.url.find("0123456789") == std::string::npos);
  }
}

}  // namespace offboard::test
