#include <partner_center/classify.hpp>

#include "fake_service.hpp"

// The contract's table "How answers are read", row by row.

namespace offboard::test {

TEST_CASE("a 200 of the right shape is taken") {
  for (const auto what : {What::sign_in, What::device_code, What::device_token, What::customer,
                          What::subscriptions, What::entitlements, What::removal, What::invitation}) {
    INFO(name_of(what));
    const auto reply = perform(what, 200, sound_body(what));
    CHECK(reply.verdict == Verdict::taken);
    CHECK(reply.health == ServiceHealth::up);
    CHECK(reply.evidence.error_code.empty());
  }
}

TEST_CASE("a transport failure is unanswered, for reads and the removal alike") {
  using Kind = TransportFailureKind;
  for (const auto what : k_api) {
    for (const auto kind : {Kind::not_sent, Kind::timeout, Kind::cut, Kind::too_large, Kind::cancelled}) {
      INFO(name_of(what) << " " << name_of(kind));
      const auto reply = perform(ask_for(what), failure(TransportFailure{kind, "why"}));
      CHECK(reply.verdict == Verdict::unanswered);
      CHECK(reply.evidence.error_code == name_of(kind));
      CHECK(reply.evidence.message == "why");
      CHECK(reply.evidence.http_status == 0);
      // What we broke off ourselves says nothing about the service.
      const bool ours = kind == Kind::cancelled || kind == Kind::too_large;
      CHECK((reply.health == ServiceHealth::up) == ours);
    }
  }
}

TEST_CASE("a certificate that is not accepted is no answer, and the message names the key that helps") {
  for (const auto what : {What::sign_in, What::customer, What::removal}) {
    INFO(name_of(what));
    const auto reply = perform(
        ask_for(what), failure(TransportFailure{TransportFailureKind::not_trusted, "unable to get issuer"}));
    CHECK(reply.verdict == Verdict::unanswered);
    CHECK(reply.sending == Sending::never_sent);
    CHECK(reply.health == ServiceHealth::down);
    CHECK(reply.evidence.error_code == "not-trusted");
    CHECK_THAT(reply.evidence.message, Catch::Contains("unable to get issuer"));
    CHECK_THAT(reply.evidence.message, Catch::Contains("partner_center.ca_file"));
  }
}

TEST_CASE("408 and every 5xx are unanswered and tell of a service that is down") {
  for (const auto what : k_api) {
    for (const int status : {408, 500, 501, 502, 503, 504, 507, 520, 599}) {
      INFO(name_of(what) << " " << status);
      const auto reply = perform(what, status, R"({"code":"20002","description":"x"})");
      CHECK(reply.verdict == Verdict::unanswered);
      CHECK(reply.health == ServiceHealth::down);
    }
  }
}

TEST_CASE("a success other than 200 is unanswered, also one that says none") {
  for (const auto what : k_api) {
    for (const int status : {201, 202, 203, 204, 206, 226}) {
      INFO(name_of(what) << " " << status);
      CHECK(perform(what, status, sound_body(what)).verdict == Verdict::unanswered);
    }
  }
}

TEST_CASE("a 429 is throttled, never refused, whatever its body says") {
  for (const auto what : k_api) {
    for (const std::string body :
         {"", R"({"statusCode":429,"message":"Rate limit is exceeded. Try again in 57 seconds."})",
          R"({"code":20002,"isRetryable":false,"message":"x"})", "<html>"}) {
      INFO(name_of(what) << " " << body);
      const auto reply = perform(what, 429, body, {{"Retry-After", "57"}});
      CHECK(reply.verdict == Verdict::throttled);
      CHECK(reply.retry_after == std::optional<milliseconds>(seconds(57)));
      CHECK(reply.health == ServiceHealth::up);
    }
    CHECK(perform(what, 429, "").retry_after == std::nullopt);
  }
}

TEST_CASE("a 401 means signing in anew, whatever its body says") {
  for (const auto what : k_api) {
    for (const std::string body : {"", R"({"code":900421,"description":"MFA","isRetryable":true})",
                                   R"({"code":"800060","description":"later"})"}) {
      INFO(name_of(what) << " " << body);
      CHECK(perform(what, 401, body).verdict == Verdict::unauthorized);
    }
  }
}

TEST_CASE("any other 4xx is refused, a 404 on any of the customer's paths included") {
  for (const auto what : k_api) {
    for (const int status :
         {400, 402, 403, 404, 405, 406, 409, 410, 412, 413, 415, 417, 422, 423, 451, 499}) {
      INFO(name_of(what) << " " << status);
      const auto reply = perform(what, status, R"({"code":"2000","description":"no"})");
      CHECK(reply.verdict == Verdict::refused);
      CHECK(reply.evidence.error_code == "2000");
      CHECK(reply.evidence.message == "no");
      CHECK(reply.health == ServiceHealth::up);
      CHECK(perform(what, status, "").verdict == Verdict::refused);
    }
  }
}

TEST_CASE("a 3xx is refused, also one that says it can be tried again") {
  for (const auto what : k_api) {
    for (const int status : {300, 301, 302, 303, 304, 307, 308}) {
      INFO(name_of(what) << " " << status);
      CHECK(perform(what, status, R"({"code":1,"isRetryable":true})", {{"Location", "https://evil.example/"}})
                .verdict == Verdict::refused);
    }
  }
}

TEST_CASE("a 403 that refuses the token, whoever the customer is, is met with a new sign-in like a 401") {
  for (const auto what : k_api) {
    for (const std::string code : {"900421", "900329", "900308", "900309"}) {
      INFO(name_of(what) << " " << code);
      const auto body = R"({"code":")" + code + R"(","description":"x"})";
      CHECK(perform(what, 403, body).verdict == Verdict::unauthorized);
      CHECK(perform(what, 403, R"({"code":)" + code + "}").evidence.error_code == code);
      CHECK(perform(what, 400, body).verdict == Verdict::refused);
    }
    CHECK(perform(what, 403, R"({"code":"2032","description":"x"})").verdict == Verdict::refused);
  }
}

TEST_CASE(
    "what the service says about multi-factor authentication is read, and asked for where it is wanted") {
  const auto word = [](const std::vector<Header>& headers) {
    return perform(What::customer, 200, sound_body(What::customer), headers).mfa;
  };
  CHECK(word({}) == MfaWord::none);
  CHECK(word({{"isMfaCompliant", "true"}}) == MfaWord::compliant);
  CHECK(word({{"ISMFACOMPLIANT", " False "}}) == MfaWord::not_compliant);
  CHECK(word({{"isMfaCompliant", "perhaps"}}) == MfaWord::none);
  const StandingClock clock;
  FakeTransport transport(answered(503, ""));
  auto ask = ask_for(What::customer);
  for (const auto question : {MfaQuestion::none, MfaQuestion::asked}) {
    ask.mfa = question;
    static_cast<void>(Client(settings(), {}, clock).perform(ask, transport));
    const auto& headers = transport.requests.back().headers;
    const auto asked = std::count_if(headers.begin(), headers.end(), [](const Header& header) {
      return header.name == "ValidateMfa" && header.value == "true";
    });
    CHECK(asked == (question == MfaQuestion::asked ? 1 : 0));
  }
}

TEST_CASE("an error that says it can be tried again is, one that says it cannot is refused") {
  for (const auto what : k_api) {
    for (const int status : {400, 403, 404, 409}) {
      INFO(name_of(what) << " " << status);
      CHECK(perform(what, status, R"({"code":600061,"message":"x","isRetryable":true})").verdict ==
            Verdict::unanswered);
      CHECK(perform(what, status, R"({"Code":600061,"Message":"x","IsRetryable":true})").verdict ==
            Verdict::unanswered);
      for (const std::string value : {"false", "null", "\"true\"", "1"})
        CHECK(perform(what, status, R"({"code":600061,"message":"x","isRetryable":)" + value + "}").verdict ==
              Verdict::refused);
    }
  }
}

TEST_CASE("the codes whose text says later are tried again, as text and as number, others are not") {
  for (const std::string code : {"800060", "800064", "800082", "900101", "900104", "900278", "800003",
                                 "800094", "900135", "900192", "900225"}) {
    for (const auto what : {What::customer, What::removal}) {
      INFO(code);
      CHECK(perform(what, 409, R"({"code":")" + code + R"(","description":"x"})").verdict ==
            Verdict::unanswered);
      CHECK(perform(what, 409, R"({"code":)" + code + R"(,"description":"x"})").verdict ==
            Verdict::unanswered);
    }
  }
  for (const std::string code : {"900279", "900280", "80006", "8000600", "900115"})
    CHECK(perform(What::removal, 409, R"({"code":")" + code + R"(","description":"x"})").verdict ==
          Verdict::refused);
}

TEST_CASE("Retry-After is handed on from any answer that carries one") {
  for (const int status : {200, 401, 404, 408, 429, 503}) {
    INFO(status);
    CHECK(perform(What::customer, status, sound_body(What::customer), {{"retry-after", "9"}}).retry_after ==
          std::optional<milliseconds>(seconds(9)));
  }
  CHECK(perform(What::customer, 503, "", {{"Retry-After", "Mon, 23 Nov 2026 01:39:07 GMT"}}).retry_after ==
        std::optional<milliseconds>(seconds(60)));
}

TEST_CASE("what is left of a quota is handed on from any answer that says so, but for a sign-in's") {
  for (const int status : {200, 404, 429, 503}) {
    CHECK(perform(What::customer, status, sound_body(What::customer), {{"RateLimit", "\"a\";r=5;t=9"}})
              .quota_left == std::optional(QuotaLeft{5, seconds(9)}));
  }
  CHECK_FALSE(perform(What::customer, 200, sound_body(What::customer)).quota_left);
  CHECK_FALSE(
      perform(What::sign_in, 200, sound_body(What::sign_in), {{"RateLimit", "\"a\";r=5;t=9"}}).quota_left);
}

TEST_CASE("the answer to a removal is taken only if it says none, else it is unanswered") {
  for (const std::string& body : {k_confirmed, std::string("\xEF\xBB\xBF") + k_confirmed,
                                  std::string(R"({"relationshipToPartner":"none"})"),
                                  std::string(R"({"RELATIONSHIPTOPARTNER":"None"})")})
    CHECK(perform(What::removal, 200, body).verdict == Verdict::taken);
  for (const std::string body : {"",
                                 " ",
                                 "null",
                                 "true",
                                 "none",
                                 "\"none\"",
                                 "[]",
                                 "{}",
                                 R"([{"relationshipToPartner":"none"}])",
                                 R"({"relationshipToPartner":"reseller"})",
                                 R"({"relationshipToPartner":null})",
                                 R"({"relationshipToPartner":""})",
                                 R"({"relationshipToPartner":"none "})",
                                 R"({"relationshipToPartner":["none"]})",
                                 R"({"relationshipToPartner":{"none":1}})",
                                 R"({"customer":{"relationshipToPartner":"none"}})",
                                 R"({"relationshipToPartner":"none")",
                                 R"({"relationshipToPartner":"none"}x)",
                                 R"({"relationshipToPartner":"none","relationshipToPartner":"reseller"})",
                                 R"({"relationshipToPartner":"none","RelationshipToPartner":"none"})",
                                 R"({"code":3000,"description":"no"})",
                                 "<html>none</html>"}) {
    INFO(body);
    const auto reply = perform(What::removal, 200, body);
    CHECK(reply.verdict == Verdict::unanswered);
    CHECK_FALSE(reply.evidence.error_code.empty());
  }
}

TEST_CASE("a removal is not confirmed by an answer that may be about another customer") {
  const std::string none = R"(,"relationshipToPartner":"none"})";
  CHECK(perform(What::removal, 200, R"({"id":")" + k_tenant + "\"" + none).verdict == Verdict::taken);
  CHECK(perform(What::removal, 200, R"({"id":"")" + none).verdict == Verdict::taken);
  for (const std::string& naming :
       {R"("id":")" + k_other_tenant + "\"", R"("id":[")" + k_other_tenant + "\"]", std::string(R"("id":{})"),
        std::string(R"("id":7)"), R"("companyProfile":{"tenantId":")" + k_other_tenant + "\"}",
        R"("companyProfile":{"tenantId":")" + k_tenant + R"(","TenantId":")" + k_other_tenant + "\"}",
        R"("companyProfile":[")" + k_other_tenant + "\"]",
        std::string(R"("companyProfile":{"tenantId":[]})")}) {
    INFO(naming);
    CHECK(perform(What::removal, 200, "{" + naming + none).verdict == Verdict::unanswered);
  }
}

}  // namespace offboard::test
