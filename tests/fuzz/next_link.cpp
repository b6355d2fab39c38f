#include <curl/curl.h>
#include <fuzzer/FuzzedDataProvider.h>

#include <array>
#include <base/defect.hpp>
#include <base/text.hpp>
#include <cstdint>
#include <memory>
#include <partner_center/next_link.hpp>

namespace offboard::fuzz {
namespace {

constexpr std::string_view k_tenant = "11111111-1111-4111-8111-111111111111";
constexpr std::array k_bases = {"https://api.partnercenter.microsoft.com", "http://127.0.0.1:8700",
                                "https://gateway.example/partner/api", "https://[2001:db8::1]:8443/v1",
                                "https://gateway.example/customers"};

/// A part of an address as libcurl sees it when it sends.
std::string part(const std::string& address, CURLUPart what, unsigned flags = 0) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> handle(curl_url(), &curl_url_cleanup);
  ensure(curl_url_set(handle.get(), CURLUPART_URL, address.c_str(), 0) == CURLUE_OK,
         "an accepted link is an address");
  char* text = nullptr;
  if (curl_url_get(handle.get(), what, &text, flags) != CURLUE_OK) return "";
  std::string result(text);
  curl_free(text);
  return result;
}

std::string percent_decoded(const std::string& text) {
  int length = 0;
  char* decoded = curl_easy_unescape(nullptr, text.c_str(), static_cast<int>(text.size()), &length);
  std::string result(decoded, static_cast<std::size_t>(length));
  curl_free(decoded);
  return result;
}

void check_stays_home(const std::string& base, const std::string& link) {
  for (const auto what : {CURLUPART_SCHEME, CURLUPART_HOST, CURLUPART_ZONEID})
    ensure(part(link, what) == part(base, what), "an accepted link stays on the host");
  ensure(part(link, CURLUPART_PORT, CURLU_DEFAULT_PORT) == part(base, CURLUPART_PORT, CURLU_DEFAULT_PORT),
         "an accepted link stays on the port");
  for (const auto what : {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_FRAGMENT})
    ensure(part(link, what).empty(), "an accepted link brings no user and no fragment");
}

void check_stays_with_customer(const std::string& base, const std::string& link) {
  auto prefix = part(base, CURLUPART_PATH);
  if (prefix == "/") prefix.clear();
  const auto own = prefix + "/v1/customers/" + std::string(k_tenant) + "/";
  const auto path = part(link, CURLUPART_PATH);
  ensure(starts_with_ignoring_case(path, own), "an accepted link stays with the customer");
  const auto decoded = percent_decoded(path) + "/";
  ensure(starts_with_ignoring_case(decoded, own), "it does so when decoded");
  for (const auto* way_out : {"/../", "/./", "\\"})
    ensure(decoded.find(way_out) == std::string::npos, "an accepted link has no way out in disguise");
}

void check_link(const std::string& base_text, const std::string& uri) {
  const auto base = parse_url(base_text);
  const auto tenant = Guid::parse(k_tenant);
  const auto link = next_page_address(*base, *tenant, uri);
  if (!link) {
    ensure(!link.error().empty() && one_line(link.error(), 1000) == link.error(), "a refusal is one line");
    return;
  }
  check_stays_home(base_text, *link);
  check_stays_with_customer(base_text, *link);
  ensure(next_page_address(*base, *tenant, *link) == link, "an accepted link is accepted as it is");
}

}  // namespace
}  // namespace offboard::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider input(data, size);
  // The choice takes a byte from the end: what is before it stays a readable address.
  const std::string base = input.PickValueInArray(offboard::fuzz::k_bases);
  offboard::fuzz::check_link(base, input.ConsumeRemainingBytesAsString());
  return 0;
}
