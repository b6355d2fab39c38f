#pragma once
#include <base/clock.hpp>
#include <catch2/catch.hpp>
#include <http/transport.hpp>
#include <optional>
#include <partner_center/client.hpp>
#include <string>
#include <vector>

namespace offboard::test {

inline const std::string k_tenant = "11111111-1111-4111-8111-111111111111";
inline const std::string k_other_tenant = "99999999-9999-4999-8999-999999999999";
inline const std::string k_base = "https://api.partnercenter.microsoft.com:443";
inline const std::string k_confirmed =
    R"({"Id":null,"CommerceId":null,"CompanyProfile":null,"BillingProfile":null,"RelationshipToPartner":"none",)"
    R"("AllowDelegatedAccess":null,"UserCredentials":null,"CustomDomains":null,"AssociatedPartnerId":null,)"
    R"("Attributes":{"ObjectType":"Customer"}})";

class StandingClock final : public Clock {
 public:
  [[nodiscard]] UtcTime utc() const override { return UtcTime(milliseconds(1795397887000)); }
  [[nodiscard]] Instant now() const override { return instant; }
  Instant instant = Instant(std::chrono::hours(1));
};

/// Gives the one answer that the test has written down, and keeps what it was asked.
class FakeTransport final : public Transport {
 public:
  explicit FakeTransport(Expected<HttpAnswer, TransportFailure> reply) : reply_(std::move(reply)) {}
  Expected<HttpAnswer, TransportFailure> exchange(const HttpRequest& request) override {
    requests.push_back(request);
    return reply_;
  }
  void cancel() override {}
  std::vector<HttpRequest> requests;

 private:
  Expected<HttpAnswer, TransportFailure> reply_;
};

inline PartnerCenterSettings settings() {
  PartnerCenterSettings settings;
  settings.tenant = "contoso.onmicrosoft.com";
  settings.client_id = "22222222-2222-4222-8222-222222222222";
  return settings;
}

inline Ask ask_for(What what) {
  Ask ask;
  ask.what = what;
  ask.tenant = *Guid::parse(k_tenant);
  ask.request_id = *Guid::parse("33333333-3333-4333-8333-333333333333");
  ask.correlation_id = *Guid::parse("44444444-4444-4444-8444-444444444444");
  ask.token = std::make_shared<AccessToken>(AccessToken{Secret(std::string("access-token-0123456789")), 1});
  Credentials credentials;
  credentials.refresh_token = Secret(std::string("refresh/token+0123456789"));
  credentials.device_code = Secret(std::string("device-code-0123456789"));
  credentials.client_secret = Secret(std::string("client~secret&0123456789"));
  ask.credentials = std::make_shared<Credentials>(std::move(credentials));
  return ask;
}

inline HttpAnswer answered(int status, std::string body, std::vector<Header> headers = {}) {
  return {status, std::move(headers), std::move(body)};
}

inline Reply perform(const Ask& ask, Expected<HttpAnswer, TransportFailure> reply) {
  const StandingClock clock;
  FakeTransport transport(std::move(reply));
  return Client(settings(), {}, clock).perform(ask, transport);
}

inline Reply perform(What what, int status, const std::string& body, std::vector<Header> headers = {}) {
  return perform(ask_for(what), answered(status, body, std::move(headers)));
}

/// The reads and the PATCH: everything that goes to the API.
inline const std::vector<What> k_api = {What::customer, What::subscriptions, What::entitlements,
                                        What::removal, What::invitation};
inline const std::vector<What> k_reads = {What::customer, What::subscriptions, What::entitlements};
inline const std::vector<What> k_pages = {What::subscriptions, What::entitlements};

/// A body of the right shape.
inline std::string sound_body(What what) {
  switch (what) {
    case What::sign_in:
    case What::device_token: return R"({"token_type":"Bearer","access_token":"new","expires_in":3599})";
    case What::device_code:
      return R"({"device_code":"d","user_code":"ABC","verification_uri":"https://login.example/device"})";
    case What::customers: return R"({"items":[]})";
    case What::customer: return R"({"id":")" + k_tenant + R"(","relationshipToPartner":"reseller"})";
    case What::subscriptions:
    case What::entitlements: return R"({"totalCount":0,"items":[]})";
    case What::removal: return k_confirmed;
    case What::invitation:
      return R"({"url":"https://admin.microsoft.com/x?invType=ResellerRelationship#/y"})";
  }
  return "";
}

template <typename Found>
Found content_of(const Reply& reply) {
  REQUIRE(reply.verdict == Verdict::taken);
  REQUIRE(std::holds_alternative<Found>(reply.content));
  return std::get<Found>(reply.content);
}

inline bool garbled(const Reply& reply) {
  return reply.verdict == Verdict::unanswered && std::holds_alternative<std::monostate>(reply.content);
}

}  // namespace offboard::test

CATCH_REGISTER_ENUM(offboard::Verdict, offboard::Verdict::taken, offboard::Verdict::unanswered,
                    offboard::Verdict::throttled, offboard::Verdict::unauthorized,
                    offboard::Verdict::no_relationship, offboard::Verdict::refused,
                    offboard::Verdict::pending, offboard::Verdict::slow_down, offboard::Verdict::withheld)
