#include "simulator/sign_in.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "simulator/chance.hpp"
#include "simulator/json_fields.hpp"

namespace offboard::simulator {
namespace {

struct Trouble {
  std::string_view number;
  int status;
  std::string_view error;
  std::string_view text;
};

constexpr std::array k_troubles{
    Trouble{"700082", 400, "invalid_grant",
            "The refresh token has expired due to inactivity. The token was issued on "
            "2026-01-01T00:00:00.0000000Z and was inactive for 90.00:00:00."},
    Trouble{"50173", 400, "invalid_grant",
            "The provided grant has expired due to it being revoked, a fresh auth token is needed."},
    Trouble{"50078", 400, "invalid_grant",
            "Presented multi-factor authentication has expired due to policies configured by your "
            "administrator, you must refresh your multi-factor authentication to access this resource."},
    Trouble{"50076", 400, "interaction_required",
            "Due to a configuration change made by your administrator, you must use multi-factor "
            "authentication to access this resource."},
    Trouble{
        "7000215", 401, "invalid_client",
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret "
        "value, not the client secret ID."},
    Trouble{"7000218", 401, "invalid_client",
            "The request body must contain the following parameter: 'client_assertion' or 'client_secret'."},
    Trouble{"7000222", 401, "invalid_client", "The provided client secret keys for the app are expired."},
    Trouble{"700016", 400, "unauthorized_client", "Application was not found in the directory."},
    Trouble{"90002", 400, "invalid_tenant", "Tenant not found."},
    Trouble{"900144", 400, "invalid_request",
            "The request body must contain the following parameter: 'grant_type'."},
    Trouble{"70003", 400, "unsupported_grant_type", "The app requested an unsupported grant type."},
    Trouble{"70016", 400, "authorization_pending", "OAuth 2.0 device flow error. Authorization is pending."},
    Trouble{"70020", 400, "expired_token",
            "The provided value for the input parameter 'device_code' has expired."},
    Trouble{"65004", 400, "authorization_declined", "User declined to consent to access the app."},
};

Trouble trouble_numbered(std::string_view number) {
  const auto found = std::find_if(k_troubles.begin(), k_troubles.end(),
                                  [&](const Trouble& trouble) { return trouble.number == number; });
  return found == k_troubles.end() ? Trouble{number, 400, "invalid_grant", "Sign-in was refused."} : *found;
}

/// Takes `AADSTS700082` and `700082`.
Reply refusal(std::string_view code, UtcTime now) {
  if (code.substr(0, 6) == "AADSTS") code.remove_prefix(6);
  const Trouble trouble = trouble_numbered(code);
  const std::string trace = guid_from(0, iso_text(now));
  Json body;
  body["error"] = trouble.error;
  body["error_description"] = fmt::format("AADSTS{}: {} Trace ID: {} Correlation ID: {} Timestamp: {}", code,
                                          trouble.text, trace, trace, iso_text(now));
  std::int64_t number = 0;
  for (const char c : code)
    number = c >= '0' && c <= '9' && number < 1'000'000'000 ? number * 10 + (c - '0') : number;
  body["error_codes"] = Json::array({number});
  body["timestamp"] = iso_text(now);
  body["trace_id"] = trace;
  body["correlation_id"] = trace;
  return json_reply(trouble.status, body.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace

SignIn::SignIn(SignInRules rules, std::uint64_t seed)
    : rules_(std::move(rules)), seed_(seed), current_(rules_.refresh_token.value_or("")) {
  if (rules_.refresh_token) refresh_tokens_.insert(*rules_.refresh_token);
}

Reply SignIn::answer(const Call& call, const Request& request, UtcTime now) {
  if (auto refused = refuse_client(call, request, now)) return *refused;
  return call.kind == Kind::device_code ? device_code(now) : token(request, now);
}

std::optional<Reply> SignIn::refuse_client(const Call& call, const Request& request, UtcTime now) const {
  if (rules_.tenant && *rules_.tenant != call.tenant) return refusal("90002", now);
  if (rules_.client_id && form_value(request.body, "client_id") != rules_.client_id)
    return refusal("700016", now);
  // Asking for a device code takes no secret: whoever does it has none to keep.
  if (call.kind == Kind::device_code) return std::nullopt;
  const auto secret = form_value(request.body, "client_secret");
  if (rules_.client_secret && !secret) return refusal("7000218", now);
  if (rules_.client_secret && secret != rules_.client_secret) return refusal("7000215", now);
  return std::nullopt;
}

Reply SignIn::token(const Request& request, UtcTime now) {
  const auto grant = form_value(request.body, "grant_type");
  if (!grant) return refusal("900144", now);
  if (*grant == "urn:ietf:params:oauth:grant-type:device_code")
    return redeem_device_code(form_value(request.body, "device_code").value_or(""), now);
  if (*grant != "refresh_token") return refusal("70003", now);
  if (rules_.refuse && !signed_in_anew_) return refusal(*rules_.refuse, now);
  const auto presented = form_value(request.body, "refresh_token").value_or("");
  if (!accepts(presented)) return refusal("700082", now);
  return issue(now);
}

bool SignIn::accepts(const std::string& refresh_token) const {
  if (!rules_.refresh_token && issued_ == 0) return !refresh_token.empty();
  if (rules_.strict_rotation) return refresh_token == current_;
  return refresh_tokens_.count(refresh_token) > 0 || (!rules_.refresh_token && !refresh_token.empty());
}

Reply SignIn::issue(UtcTime now) {
  ++issued_;
  std::erase_if(access_tokens_, [&](const auto& entry) { return entry.second <= now; });
  const std::string number = fmt::format("{:06}", issued_);
  const std::string access = fmt::format("sim-access-{}-{}", number, guid_from(seed_, "access" + number));
  access_tokens_[access] = now + rules_.access_token_life;
  Json body;
  body["token_type"] = "Bearer";
  body["scope"] = "https://api.partnercenter.microsoft.com/user_impersonation";
  body["expires_in"] = rules_.access_token_life.count();
  body["ext_expires_in"] = rules_.access_token_life.count();
  body["access_token"] = access;
  if (rules_.rotate || current_.empty()) {
    current_ = fmt::format("sim-refresh-{}-{}", number, guid_from(seed_, "refresh" + number));
    refresh_tokens_.insert(current_);
    body["refresh_token"] = current_;
  }
  return json_reply(200, body.dump(-1, ' ', false, Json::error_handler_t::replace));
}

Reply SignIn::device_code(UtcTime now) {
  const std::string code = fmt::format("sim-device-{}", guid_from(seed_, iso_text(now)));
  device_codes_[code] = 0;
  Json body;
  body["user_code"] = "SIMU-LATE";
  body["device_code"] = code;
  body["verification_uri"] = "https://microsoft.com/devicelogin";
  body["expires_in"] = 900;
  body["interval"] = 1;
  body["message"] =
      "To sign in, use a web browser to open the page https://microsoft.com/devicelogin and enter the code "
      "SIMU-LATE to authenticate.";
  return json_reply(200, body.dump(-1, ' ', false, Json::error_handler_t::replace));
}

Reply SignIn::redeem_device_code(const std::string& code, UtcTime now) {
  const auto found = device_codes_.find(code);
  if (found == device_codes_.end()) return refusal("70020", now);
  if (++found->second <= rules_.device_code_pending) return refusal("70016", now);
  if (rules_.device_code_outcome == DeviceOutcome::expired) return refusal("70020", now);
  if (rules_.device_code_outcome == DeviceOutcome::declined) return refusal("65004", now);
  device_codes_.erase(found);
  current_.clear();  // a new sign-in always brings a refresh token
  signed_in_anew_ = true;
  return issue(now);
}

bool SignIn::admits(const Request& request, UtcTime now) const {
  constexpr std::string_view k_scheme = "Bearer ";
  const std::string header = request.headers.find("Authorization").value_or("");
  if (header.substr(0, k_scheme.size()) != k_scheme) return false;
  if (rules_.trust == Trust::any_bearer) return header.size() > k_scheme.size();
  const auto found = access_tokens_.find(header.substr(k_scheme.size()));
  return found != access_tokens_.end() && now < found->second;
}

std::string SignIn::memory() const {
  Json memory;
  memory["current_refresh_token"] = current_;
  memory["refresh_tokens"] = refresh_tokens_;
  memory["issued"] = issued_;
  memory["signed_in_anew"] = signed_in_anew_;
  for (const auto& [token, end] : access_tokens_) memory["access_tokens"][token] = iso_text(end);
  return memory.dump();
}

void SignIn::remember(const std::string& memory) {
  const Json json = Json::parse(memory);
  current_ = json.at("current_refresh_token").get<std::string>();
  refresh_tokens_ = json.at("refresh_tokens").get<std::set<std::string>>();
  issued_ = json.at("issued").get<std::uint64_t>();
  signed_in_anew_ = json.at("signed_in_anew").get<bool>();
  access_tokens_.clear();
  const Json tokens = json.value("access_tokens", Json::object());
  for (const auto& [token, end] : tokens.items())
    access_tokens_[token] = parse_iso(end.get<std::string>()).value_or(UtcTime{});
}

}  // namespace offboard::simulator
