#include "fake_service.hpp"

namespace offboard::test {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

HttpRequest request_for(const Ask& ask, const PartnerCenterSettings& given = settings(),
                        const RetrySettings& retry = {}) {
  const StandingClock clock;
  FakeTransport transport(answered(200, "{}"));
  (void)Client(given, retry, clock).perform(ask, transport);
  REQUIRE(transport.requests.size() == 1);
  return transport.requests[0];
}

Pairs headers_of(const HttpRequest& request) {
  Pairs pairs;
  for (const auto& header : request.headers) pairs.emplace_back(header.name, header.value);
  return pairs;
}

const Pairs k_api_headers = {{"Accept", "application/json"},
                             {"Authorization", "Bearer access-token-0123456789"},
                             {"MS-RequestId", "33333333-3333-4333-8333-333333333333"},
                             {"MS-CorrelationId", "44444444-4444-4444-8444-444444444444"},
                             {"MS-Contract-Version", "v1"},
                             {"X-Locale", "en-US"},
                             {"MS-PartnerCenter-Application", "offboard"}};

Pairs with(Pairs pairs, const std::string& name, const std::string& value) {
  pairs.emplace_back(name, value);
  return pairs;
}

}  // namespace

TEST_CASE(
    "each read is a GET of its own address, with the service's headers, no body, on a kept-alive "
    "connection") {
  const std::vector<std::pair<What, std::string>> reads = {
      {What::customer, "/v1/customers/" + k_tenant},
      {What::subscriptions, "/v1/customers/" + k_tenant + "/subscriptions"},
      {What::entitlements, "/v1/customers/" + k_tenant + "/entitlements"},
      {What::invitation, "/v1/customers/relationshiprequests"}};
  for (const auto& [what, path] : reads) {
    INFO(name_of(what));
    const auto request = request_for(ask_for(what));
    CHECK(request.method == Method::get);
    CHECK(request.url == k_base + path);
    CHECK(headers_of(request) == k_api_headers);
    CHECK(request.body.empty());
    CHECK(request.connection == ConnectionUse::kept_alive);
  }
}

TEST_CASE("no answer is taken that many workers could not hold at once") {
  for (const auto what : k_api) CHECK(request_for(ask_for(what)).max_answer_bytes == 16 * 1024 * 1024);
  for (const auto what : {What::sign_in, What::device_code, What::device_token})
    CHECK(request_for(ask_for(what)).max_answer_bytes == 1024 * 1024);
}

TEST_CASE("the removal is a PATCH of the customer with the documented body, over a fresh connection") {
  const auto request = request_for(ask_for(What::removal));
  CHECK(request.method == Method::patch);
  CHECK(request.url == k_base + "/v1/customers/" + k_tenant);
  CHECK(headers_of(request) == with(k_api_headers, "Content-Type", "application/json; charset=utf-8"));
  CHECK(request.body == R"({"relationshipToPartner":"none","attributes":{"objectType":"Customer"}})");
  CHECK(request.body.size() == 71);
  CHECK(request.connection == ConnectionUse::fresh);
}

TEST_CASE(
    "a sign-in is a form posted to the partner's own tenant over a fresh connection, without a token or "
    "ids") {
  const std::string scope = "https%3A%2F%2Fapi.partnercenter.microsoft.com%2F.default";
  const std::string client = "client_id=22222222-2222-4222-8222-222222222222";
  const std::vector<std::tuple<What, std::string, std::string>> sign_ins = {
      {What::sign_in, "/token",
       client + "&grant_type=refresh_token&scope=" + scope +
           "&refresh_token=refresh%2Ftoken%2B0123456789&client_secret=client~secret%260123456789"},
      {What::device_code, "/devicecode",
       client + "&scope=" + scope + "%20offline_access&client_secret=client~secret%260123456789"},
      {What::device_token, "/token",
       client + "&grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code=device-code-"
                "0123456789"
                "&client_secret=client~secret%260123456789"}};
  for (const auto& [what, path, body] : sign_ins) {
    INFO(name_of(what));
    CHECK(is_sign_in(what));
    const auto request = request_for(ask_for(what));
    CHECK(request.method == Method::post);
    CHECK(request.url == "https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0" + path);
    CHECK(headers_of(request) ==
          Pairs{{"Accept", "application/json"}, {"Content-Type", "application/x-www-form-urlencoded"}});
    CHECK(request.body == body);
    CHECK(request.connection == ConnectionUse::fresh);
  }
}

TEST_CASE("a public client signs in without a secret") {
  auto ask = ask_for(What::sign_in);
  Credentials credentials;
  credentials.refresh_token = Secret(std::string("r"));
  ask.credentials = std::make_shared<Credentials>(std::move(credentials));
  CHECK_THAT(request_for(ask).body, !Catch::Contains("client_secret") && Catch::EndsWith("&refresh_token=r"));
}

TEST_CASE("the addresses of another cloud, and one with a path in front, are kept") {
  auto given = settings();
  const std::vector<std::pair<std::string, std::string>> bases = {
      {"https://partner.partnercenterapi.microsoftonline.cn",
       "https://partner.partnercenterapi.microsoftonline.cn:443/v1/customers/"},
      {"http://127.0.0.1:8080", "http://127.0.0.1:8080/v1/customers/"},
      {"http://127.0.0.1:8080/", "http://127.0.0.1:8080/v1/customers/"},
      {"https://proxy.example/partner/center", "https://proxy.example:443/partner/center/v1/customers/"}};
  for (const auto& [base, start] : bases) {
    INFO(base);
    given.base_url = base;
    CHECK(request_for(ask_for(What::removal), given).url == start + k_tenant);
    CHECK(request_for(ask_for(What::subscriptions), given).url == start + k_tenant + "/subscriptions");
    CHECK(request_for(ask_for(What::invitation), given).url == start + "relationshiprequests");
  }
  given.login_url = "https://login.chinacloudapi.cn";
  CHECK(request_for(ask_for(What::sign_in), given).url ==
        "https://login.chinacloudapi.cn/contoso.onmicrosoft.com/oauth2/v2.0/token");
}

TEST_CASE("a further page is asked for at its link, with the headers that the link brought") {
  for (const auto what : k_pages) {
    auto ask = ask_for(what);
    ask.page =
        PageLink{k_base + "/v1/customers/" + k_tenant + "/x?page=2", {{"MS-ContinuationToken", "abc"}}};
    const auto request = request_for(ask);
    CHECK(request.url == ask.page->url);
    CHECK(headers_of(request) == with(k_api_headers, "MS-ContinuationToken", "abc"));
  }
}

TEST_CASE("the job's time limits go with every request") {
  RetrySettings retry;
  retry.timeout = seconds(17);
  retry.connect_timeout = seconds(3);
  for (const auto what : {What::sign_in, What::customer, What::removal}) {
    const auto request = request_for(ask_for(what), settings(), retry);
    CHECK(request.timeout == seconds(17));
    CHECK(request.connect_timeout == seconds(3));
  }
}

TEST_CASE("a removal whose time has passed is withheld: nothing is sent") {
  StandingClock clock;
  FakeTransport transport(answered(200, k_confirmed));
  const Client client(settings(), {}, clock);
  auto ask = ask_for(What::removal);
  ask.not_after = clock.instant - milliseconds(1);
  const auto reply = client.perform(ask, transport);
  CHECK(reply.verdict == Verdict::withheld);
  CHECK(transport.requests.empty());
  CHECK(reply.evidence.http_status == 0);
  ask.not_after = clock.instant;
  CHECK(client.perform(ask, transport).verdict == Verdict::taken);
  CHECK(transport.requests.size() == 1);
}

TEST_CASE("the evidence holds the ids that were sent, whatever the service sends back; a sign-in has none") {
  const std::vector<Header> theirs = {{"MS-RequestId", k_other_tenant}, {"MS-CorrelationId", k_other_tenant}};
  for (const auto what : k_api) {
    for (const int status : {200, 404, 500}) {
      const auto reply = perform(what, status, sound_body(what), theirs);
      CHECK(reply.evidence.request_id.text() == "33333333-3333-4333-8333-333333333333");
      CHECK(reply.evidence.correlation_id.text() == "44444444-4444-4444-8444-444444444444");
      CHECK(reply.evidence.http_status == status);
    }
  }
  CHECK(perform(What::sign_in, 200, sound_body(What::sign_in)).evidence.request_id.empty());
}

TEST_CASE(
    "every kind of request has a name of its own, and two links are the same page only if all of them is "
    "equal") {
  std::vector<std::string> names;
  for (const auto what : {What::sign_in, What::device_code, What::device_token, What::customer,
                          What::subscriptions, What::entitlements, What::removal, What::invitation}) {
    const std::string name(name_of(what));
    CHECK_FALSE(name.empty());
    CHECK(std::find(names.begin(), names.end(), name) == names.end());
    names.push_back(name);
  }
  const PageLink link{"https://h/x", {{"MS-ContinuationToken", "a"}}};
  CHECK(link.identity() == PageLink{"https://h/x", {{"ms-continuationtoken", "a"}}}.identity());
  CHECK(link.identity() != PageLink{"https://h/x", {{"MS-ContinuationToken", "A"}}}.identity());
  CHECK(link.identity() != PageLink{"https://h/x", {}}.identity());
  CHECK(link.identity() != PageLink{"https://h/y", link.headers}.identity());
}

}  // namespace offboard::test
