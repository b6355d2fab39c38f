#include <run/token_check.hpp>

#include <catch2/catch.hpp>

namespace offboard::test {
namespace {

const std::string k_partner = "a0000001-0000-4000-8000-000000000001";
const std::string k_stranger = "a0000002-0000-4000-8000-000000000002";

PartnerCenterSettings settings_of(const std::string& tenant) {
  PartnerCenterSettings settings;
  settings.tenant = tenant;
  return settings;
}

// The payloads of made-up tokens, base64url.
// {"tid":"a0000001-…","upn":"jane@contoso.com","amr":["pwd","mfa"]}
const Secret k_good(
    std::string("e30."
                "eyJ0aWQiOiJhMDAwMDAwMS0wMDAwLTQwMDAtODAwMC0wMDAwMDAwMDAwMDEiLCJ1cG4iOiJqYW5lQGNv"
                "bnRvc28uY29tIiwiYW1yIjpbInB3ZCIsIm1mYSJdfQ.x"));
// {"tid":"A0000001-…","amr":["pwd"]}
const Secret k_one_factor(
    std::string("e30."
                "eyJ0aWQiOiJBMDAwMDAwMS0wMDAwLTQwMDAtODAwMC0wMDAwMDAwMDAwMDEiLCJhbXIiOlsicHdkIl19.x"));
const Secret k_opaque(std::string("sim-access-1"));

}  // namespace

TEST_CASE("a token of the partner's tenant with a second factor is beyond question") {
  const auto settings = settings_of(k_partner);
  TokenCheck check(settings);
  CHECK_THAT(check.look_at(k_good), Catch::Contains("jane@contoso.com") && Catch::Contains(k_partner));
  CHECK(check.objection().empty());
  CHECK(check.question() == MfaQuestion::none);
}

TEST_CASE("who has signed in is told once, and again when it is somebody else") {
  const auto settings = settings_of(k_partner);
  TokenCheck check(settings);
  CHECK_FALSE(check.look_at(k_good).empty());
  CHECK(check.look_at(k_good).empty());
  CHECK_FALSE(check.look_at(k_opaque).empty());
}

TEST_CASE("a token of another tenant is objected to, whatever else it says") {
  const auto settings = settings_of(k_stranger);
  TokenCheck check(settings);
  static_cast<void>(check.look_at(k_good));
  check.hear(MfaWord::compliant);
  CHECK_THAT(check.objection(), Catch::Contains(k_partner) && Catch::Contains(k_stranger));
}

TEST_CASE("a token cannot be compared with a domain, which is said and let pass") {
  const auto settings = settings_of("contoso.onmicrosoft.com");
  TokenCheck check(settings);
  CHECK_THAT(check.look_at(k_good), Catch::Contains("contoso.onmicrosoft.com"));
  CHECK(check.objection().empty());
}

TEST_CASE("a token without a second factor needs the service's word for it") {
  const auto settings = settings_of(k_partner);
  TokenCheck check(settings);
  static_cast<void>(check.look_at(k_one_factor));
  CHECK(check.question() == MfaQuestion::asked);
  CHECK_THAT(check.objection(), Catch::Contains("multi-factor"));
  check.hear(MfaWord::none);
  CHECK(check.question() == MfaQuestion::none);
  CHECK_THAT(check.objection(), Catch::Contains("did not confirm"));
  check.hear(MfaWord::compliant);
  CHECK(check.objection().empty());
}

TEST_CASE("an opaque token is let pass with a notice, unless the service says no") {
  const auto settings = settings_of(k_partner);
  TokenCheck check(settings);
  CHECK_THAT(check.look_at(k_opaque), Catch::Contains("opaque"));
  CHECK(check.question() == MfaQuestion::asked);
  CHECK(check.objection().empty());
  check.hear(MfaWord::none);
  CHECK(check.objection().empty());
  check.hear(MfaWord::not_compliant);
  CHECK_THAT(check.objection(), Catch::Contains("without multi-factor"));
}

TEST_CASE("who has signed in is known as far as the token says it") {
  const auto settings = settings_of(k_partner);
  TokenCheck check(settings);
  CHECK(check.identity().empty());
  static_cast<void>(check.look_at(k_good));
  CHECK(check.identity() == "jane@contoso.com to the tenant " + k_partner);
  static_cast<void>(check.look_at(k_one_factor));
  CHECK(check.identity() == "somebody to the tenant A0000001-0000-4000-8000-000000000001");
  static_cast<void>(check.look_at(k_opaque));
  CHECK(check.identity().empty());
}

}  // namespace offboard::test
