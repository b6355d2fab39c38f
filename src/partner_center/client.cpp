#include "partner_center/client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/defect.hpp"
#include "base/random.hpp"
#include "base/text.hpp"
#include "http/quota_left.hpp"
#include "http/retry_after.hpp"
#include "partner_center/classify.hpp"
#include "partner_center/client_assertion.hpp"
#include "partner_center/read_answer.hpp"
#include "partner_center/read_error.hpp"
#include "partner_center/sign_in.hpp"

namespace offboard {
namespace {

/// The body of the removal as the service's own page spells it. The same address with another body does other
/// things (it can end delegated administration only), and DELETE on it purges a sandbox customer: this is the
/// only body and PATCH the only changing method this program has.
constexpr std::string_view k_removal_body =
    R"({"relationshipToPartner":"none","attributes":{"objectType":"Customer"}})";

constexpr std::size_t k_max_token_answer_bytes = 1024 * 1024;
/// A page of ten thousand subscriptions. Each worker may come to hold one, and two copies of it while it
/// grows.
constexpr std::size_t k_max_answer_bytes = 16 * 1024 * 1024;

/// As many as the service gives at most (Partner-Center-PowerShell#379 shows its next link).
constexpr int k_customers_on_a_page = 500;

Url parsed_base(const std::string& text) {
  const auto url = parse_url(text);
  ensure(url.has_value(), "the job's addresses were checked when it was read");
  return *url;
}

constexpr std::size_t k_shortest_secret_in_words = 4;
constexpr std::size_t k_shortest_secret_in_data = 12;
constexpr std::size_t k_max_code_bytes = 100;
constexpr std::size_t k_max_message_bytes = 1024;  // the longest description the service documents

/// Our secrets as a text of at most `longest` bytes might repeat them: as they are, form-encoded, and in JSON
/// with slashes escaped; all of that is no shorter than the secret, so most answers have no room for a token.
/// Those shorter than `shortest` are let be: they could be part of a word, and the word part of an answer.
std::vector<std::string> secrets_in(const Ask& ask, std::size_t shortest, std::size_t longest) {
  std::vector<std::string> spellings;
  const auto add = [&](const Secret& secret) {
    if (secret.reveal().size() < shortest || secret.reveal().size() > longest) return;
    const std::string plain(secret.reveal());
    auto escaped = plain;
    for (auto at = escaped.find('/'); at != std::string::npos; at = escaped.find('/', at + 2))
      escaped.insert(at, "\\");
    spellings.insert(spellings.end(), {plain, url_encoded(plain), escaped});
  };
  if (ask.token) {
    add(ask.token->text);
    for (const auto& secret : ask.token->kin) add(secret);
  }
  if (ask.credentials) {
    add(ask.credentials->refresh_token);
    add(ask.credentials->device_code);
    if (ask.credentials->client_secret) add(*ask.credentials->client_secret);
    if (ask.credentials->client_assertion) add(*ask.credentials->client_assertion);
  }
  return spellings;
}

/// Whatever the service says back, our secrets do not travel on with it.
void blot_out(std::string& text, const std::vector<std::string>& secrets) {
  for (const auto& secret : secrets) {
    for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret))
      text.replace(at, secret.size(), "…");
  }
}

/// The character that stands at the front as `\u00XX`, if it is one that JSON needs no escape for.
std::optional<char> needlessly_escaped(std::string_view text) {
  unsigned code = 0;
  if (!text.starts_with("\\u00") || text.size() < 6) return std::nullopt;
  const auto read = std::from_chars(text.data() + 4, text.data() + 6, code, 16);
  const bool is_visible = code > 0x20 && code < 0x7F && code != '"' && code != '\\';
  if (read.ptr != text.data() + 6 || !is_visible) return std::nullopt;
  return static_cast<char>(code);
}

/// JSON of the same meaning without needless escapes in its texts, in which a secret could hide. What is no
/// JSON does not become any: an escape outside a text stays.
std::string plainly_spelled(std::string_view json) {
  std::string result;
  bool in_text = false;
  while (!json.empty()) {
    const auto plain = in_text ? needlessly_escaped(json) : std::nullopt;
    // Two at once, so that an escaped backslash or quote begins nothing.
    const auto as_it_is = json.substr(0, json.front() == '\\' ? 2 : 1);
    if (as_it_is == "\"") in_text = !in_text;
    result += plain ? std::string_view(&*plain, 1) : as_it_is;
    json.remove_prefix(plain ? 6 : as_it_is.size());
  }
  return result;
}

std::size_t longest_text_of(const HttpAnswer& answer) {
  auto longest = answer.body.size();
  for (const auto& header : answer.headers) longest = std::max(longest, header.value.size());
  return longest;
}

void blot_out_secrets(const Ask& ask, HttpAnswer& answer) {
  // The answer to a sign-in is secrets; nothing of it but the tokens is kept.
  if (is_sign_in(ask.what) && answer.status == 200) return;
  const auto secrets = secrets_in(ask, k_shortest_secret_in_data, longest_text_of(answer));
  if (answer.body.find("\\u00") != std::string::npos) answer.body = plainly_spelled(answer.body);
  blot_out(answer.body, secrets);
  for (auto& header : answer.headers) blot_out(header.value, secrets);
}

/// What an answer or a failure said, fit for a ledger column and a line on a terminal. Cut only after the
/// secrets are gone, of which a part would no longer be recognised.
void set_words(const Ask& ask, std::string code, std::string message, Evidence& evidence) {
  const auto secrets = secrets_in(ask, k_shortest_secret_in_words, std::max(code.size(), message.size()));
  blot_out(code, secrets);
  blot_out(message, secrets);
  evidence.error_code = one_line(code, k_max_code_bytes);
  evidence.message = one_line(message, k_max_message_bytes);
}

/// The tokens live on in their own wiped places; the copies that were sent do not.
void wipe_secrets(const Ask& ask, HttpRequest& request) {
  if (is_sign_in(ask.what)) wipe(request.body);
  for (auto& header : request.headers) {
    if (header.name == "Authorization") wipe(header.value);
  }
}

template <typename Found>
Content content_or_none(std::optional<Found> found) {
  if (!found) return std::monostate{};
  return Content(std::move(*found));
}

Content read_content(const Ask& ask, const Url& base, const std::string& body) {
  switch (ask.what) {
    case What::sign_in:
    case What::device_token: return content_or_none(read_tokens(body));
    case What::device_code: return content_or_none(read_device_code(body));
    case What::customers: return content_or_none(read_customers(body, base));
    case What::customer: return content_or_none(read_customer(body, ask.tenant));
    case What::subscriptions: return content_or_none(read_subscriptions(body, base, ask.tenant));
    case What::entitlements: return content_or_none(read_entitlements(body, base, ask.tenant));
    case What::invitation: return content_or_none(read_invitation(body));
    case What::removal: break;  // its answer is read by confirms_removal
  }
  return std::monostate{};
}

void take_200(const Ask& ask, const Url& base, const std::string& body, Reply& reply) {
  if (ask.what == What::removal) {
    if (confirms_removal(body, ask.tenant)) {
      reply.verdict = Verdict::taken;
      return;
    }
    reply.evidence.error_code = "not-confirmed";
    reply.evidence.message = "the answer to the removal does not say that the relationship is none";
    return;
  }
  reply.content = read_content(ask, base, body);
  if (std::holds_alternative<std::monostate>(reply.content)) {
    reply.evidence.error_code = "garbled";
    reply.evidence.message = "the answer is not what was asked for (cut, not JSON, or of another shape)";
    return;
  }
  reply.verdict = Verdict::taken;
}

MfaWord mfa_word_of(const HttpAnswer& answer) {
  const auto* said = answer.header("isMfaCompliant");
  if (said == nullptr) return MfaWord::none;
  if (equal_ignoring_case(trim(*said), "true")) return MfaWord::compliant;
  return equal_ignoring_case(trim(*said), "false") ? MfaWord::not_compliant : MfaWord::none;
}

void take_answer(const Ask& ask, const Url& base, const HttpAnswer& answer, Reply& reply) {
  reply.evidence.http_status = answer.status;
  reply.health = health_behind(answer.status);
  reply.mfa = mfa_word_of(answer);
  if (answer.status == 200) return take_200(ask, base, answer.body, reply);
  const auto error = read_error(answer);
  reply.verdict =
      is_sign_in(ask.what) ? classify_sign_in(answer.status, error) : classify(answer.status, error);
  reply.refuses_grant = reply.verdict == Verdict::refused && error.name == "invalid_grant";
  set_words(ask, error.code, error.message, reply.evidence);
}

/// With what the operator can do about it.
std::string words_of(const TransportFailure& trouble) {
  if (trouble.kind != TransportFailureKind::not_trusted) return trouble.message;
  return fmt::format(
      "the server's certificate is not accepted, so nothing was sent to it: {}; if an authority of your own "
      "signs it, name that one's file in partner_center.ca_file",
      trouble.message);
}

void take_failure(const Ask& ask, const TransportFailure& trouble, Reply& reply) {
  const bool is_sent =
      trouble.kind != TransportFailureKind::not_sent && trouble.kind != TransportFailureKind::not_trusted;
  if (!is_sent) reply.sending = Sending::never_sent;
  reply.is_unusable = is_sign_in(ask.what) && trouble.kind == TransportFailureKind::too_large;
  set_words(ask, std::string(name_of(trouble.kind)), words_of(trouble), reply.evidence);
  const bool tells_of_service =
      trouble.kind != TransportFailureKind::cancelled && trouble.kind != TransportFailureKind::too_large;
  reply.health = tells_of_service ? ServiceHealth::down : ServiceHealth::up;
}

}  // namespace

std::string_view name_of(What what) {
  switch (what) {
    case What::sign_in: return "sign-in";
    case What::device_code: return "device-code";
    case What::device_token: return "device-token";
    case What::customers: return "customers";
    case What::customer: return "customer";
    case What::subscriptions: return "subscriptions";
    case What::entitlements: return "entitlements";
    case What::removal: return "removal";
    case What::invitation: return "invitation";
  }
  return "";
}

bool is_sign_in(What what) {
  return what == What::sign_in || what == What::device_code || what == What::device_token;
}

std::string PageLink::identity() const {
  std::string text = url;
  for (const auto& header : headers) text += "\n" + to_lower(header.name) + ":" + header.value;
  return text;
}

Client::Client(const PartnerCenterSettings& settings, const RetrySettings& retry, const Clock& clock)
    : base_(parsed_base(settings.base_url)),
      customers_url_(fmt::format("{}{}/v1/customers", base_.origin(), base_.path == "/" ? "" : base_.path)),
      sign_in_url_(fmt::format("{}/{}/oauth2/v2.0", settings.login_url, settings.tenant)),
      client_id_(settings.client_id),
      retry_(retry),
      clock_(clock) {}

std::string Client::address_of(const Ask& ask) const {
  if (is_sign_in(ask.what)) return sign_in_url_ + (ask.what == What::device_code ? "/devicecode" : "/token");
  if (ask.page) return ask.page->url;
  switch (ask.what) {
    case What::customers: return fmt::format("{}?size={}", customers_url_, k_customers_on_a_page);
    case What::customer:
    case What::removal: return fmt::format("{}/{}", customers_url_, ask.tenant.text());
    case What::subscriptions: return fmt::format("{}/{}/subscriptions", customers_url_, ask.tenant.text());
    case What::entitlements: return fmt::format("{}/{}/entitlements", customers_url_, ask.tenant.text());
    case What::invitation: return customers_url_ + "/relationshiprequests";
    case What::sign_in:
    case What::device_code:
    case What::device_token: break;
  }
  throw Defect("every request has an address");
}

HttpRequest Client::request_for(const Ask& ask) const {
  HttpRequest request;
  request.url = address_of(ask);
  request.timeout = retry_.timeout;
  request.connect_timeout = retry_.connect_timeout;
  request.headers.push_back({"Accept", "application/json"});
  if (is_sign_in(ask.what)) {
    request.method = Method::post;
    request.connection = ConnectionUse::fresh;
    request.max_answer_bytes = k_max_token_answer_bytes;
    request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
    request.body = sign_in_form(ask.what, client_id_, *ask.credentials);
    return request;
  }
  request.max_answer_bytes = k_max_answer_bytes;
  request.headers.push_back({"Authorization", fmt::format("Bearer {}", ask.token->text.reveal())});
  request.headers.push_back({"MS-RequestId", ask.request_id.text()});
  request.headers.push_back({"MS-CorrelationId", ask.correlation_id.text()});
  request.headers.push_back({"MS-Contract-Version", "v1"});
  request.headers.push_back({"X-Locale", "en-US"});
  request.headers.push_back({"MS-PartnerCenter-Application", "offboard"});
  // "Partner security requirements": the answer then says isMfaCompliant.
  if (ask.mfa == MfaQuestion::asked) request.headers.push_back({"ValidateMfa", "true"});
  if (ask.page)
    request.headers.insert(request.headers.end(), ask.page->headers.begin(), ask.page->headers.end());
  if (ask.what == What::removal) {
    request.method = Method::patch;
    request.connection = ConnectionUse::fresh;
    request.headers.push_back({"Content-Type", "application/json; charset=utf-8"});
    request.body = k_removal_body;
    // The connection is made first; what comes late because of it must not leave any more.
    if (ask.not_after) {
      const auto left = std::max(*ask.not_after - clock_.now(), milliseconds(1));
      request.connect_timeout = std::min(request.connect_timeout, left);
    }
  }
  return request;
}

/// A server takes an assertion once, so each request gets one of its own, a repeated one too.
std::optional<Ask> Client::asserted(const Ask& ask) const {
  if (!is_sign_in(ask.what) || !ask.credentials->client_key) return std::nullopt;
  auto credentials = *ask.credentials;
  credentials.client_assertion = client_assertion(*credentials.client_key, client_id_,
                                                  sign_in_url_ + "/token", Random().guid(), clock_.utc());
  auto result = ask;
  result.credentials = std::make_shared<const Credentials>(std::move(credentials));
  return result;
}

Reply Client::perform(const Ask& given, Transport& transport) const {
  const auto with_assertion = asserted(given);
  const Ask& ask = with_assertion ? *with_assertion : given;
  Reply reply;
  if (!is_sign_in(ask.what)) {
    reply.evidence.request_id = ask.request_id;
    reply.evidence.correlation_id = ask.correlation_id;
  }
  if (ask.not_after && clock_.now() > *ask.not_after) {
    reply.verdict = Verdict::withheld;
    reply.sending = Sending::never_sent;
    return reply;
  }
  auto request = request_for(ask);
  auto result = transport.exchange(request);
  wipe_secrets(ask, request);
  if (!result) {
    take_failure(ask, result.error(), reply);
  } else {
    blot_out_secrets(ask, *result);
    take_answer(ask, base_, *result, reply);
    reply.retry_after = retry_after(*result, clock_.utc());
    if (is_sign_in(ask.what)) {
      wipe(result->body);
    } else {
      reply.quota_left = quota_left(*result, clock_.utc());
    }
  }
  return reply;
}

}  // namespace offboard
