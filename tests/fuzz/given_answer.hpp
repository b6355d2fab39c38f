#pragma once
#include <array>
#include <base/clock.hpp>
#include <base/defect.hpp>
#include <base/text.hpp>
#include <http/transport.hpp>
#include <memory>
#include <partner_center/client.hpp>
#include <string>
#include <utility>

namespace offboard::fuzz {

inline const std::string k_tenant = "11111111-1111-4111-8111-111111111111";
inline const std::string k_own_pages =
    "https://api.partnercenter.microsoft.com:443/v1/customers/" + k_tenant + "/";
inline const std::string k_list_pages = "https://api.partnercenter.microsoft.com:443/v1/customers?";
inline constexpr std::array k_all_asks = {What::customers,    What::sign_in,  What::device_code,
                                          What::device_token, What::customer, What::subscriptions,
                                          What::entitlements, What::removal,  What::invitation};
/// Ours, as the dictionary of the fuzzer knows them too.
inline constexpr std::array<const char*, 4> k_secrets = {"access-token-0123456789",
                                                         "refresh/token+0123456789", "device-code-0123456789",
                                                         "client~secret&0123456789"};

class StandingClock final : public Clock {
 public:
  [[nodiscard]] UtcTime utc() const override { return UtcTime(milliseconds(1795397887000)); }
  [[nodiscard]] Instant now() const override { return Instant(std::chrono::hours(1)); }
};

/// Gives one answer to whatever it is asked.
class OneAnswer final : public Transport {
 public:
  explicit OneAnswer(HttpAnswer answer) : answer_(std::move(answer)) {}
  Expected<HttpAnswer, TransportFailure> exchange(const HttpRequest& /*request*/) override { return answer_; }
  void cancel() override {}

 private:
  HttpAnswer answer_;
};

inline Ask ask_for(What what) {
  Ask ask;
  ask.what = what;
  ask.tenant = *Guid::parse(k_tenant);
  ask.request_id = *Guid::parse("33333333-3333-4333-8333-333333333333");
  ask.correlation_id = *Guid::parse("44444444-4444-4444-8444-444444444444");
  ask.token = std::make_shared<AccessToken>(AccessToken{Secret(k_secrets[0]), 1});
  Credentials credentials;
  credentials.refresh_token = Secret(k_secrets[1]);
  credentials.device_code = Secret(k_secrets[2]);
  credentials.client_secret = Secret(k_secrets[3]);
  ask.credentials = std::make_shared<Credentials>(std::move(credentials));
  return ask;
}

inline void check_holds_no_secret(std::string_view text) {
  for (const auto* secret : k_secrets)
    ensure(text.find(secret) == std::string_view::npos, "no secret of ours travels on with an answer");
}

/// What goes into a ledger column and onto a terminal.
inline void check_words(const std::string& text, std::size_t limit) {
  ensure(text.size() <= limit + std::string_view("…").size(), "the service's words are cut");
  ensure(!first_invalid_utf8(text) && one_line(text, text.size()) == trim(text),
         "the service's words are one printable line");
  check_holds_no_secret(text);
}

inline const Client& client() {
  static const StandingClock clock;
  static const Client only = [] {
    PartnerCenterSettings settings;
    settings.tenant = "contoso.onmicrosoft.com";
    settings.client_id = "22222222-2222-4222-8222-222222222222";
    return Client(settings, {}, clock);
  }();
  return only;
}

/// Asks, is answered so, and holds the reply to what is promised whatever the answer is.
inline Reply reply_to(What what, const HttpAnswer& answer) {
  OneAnswer transport(answer);
  const auto ask = ask_for(what);
  auto reply = client().perform(ask, transport);
  ensure(reply.sending == Sending::sent, "what was answered was sent");
  ensure(reply.evidence.http_status == answer.status, "the status is the answer's");
  if (!is_sign_in(what)) {
    ensure(reply.evidence.request_id == ask.request_id && reply.evidence.correlation_id == ask.correlation_id,
           "the ids are those that were sent");
  }
  ensure(reply.verdict == Verdict::taken || std::holds_alternative<std::monostate>(reply.content),
         "nothing is taken out of an answer that is not taken");
  check_words(reply.evidence.error_code, 100);
  check_words(reply.evidence.message, 1024);
  return reply;
}

}  // namespace offboard::fuzz
