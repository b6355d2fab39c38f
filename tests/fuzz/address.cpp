#include <arpa/inet.h>
#include <curl/curl.h>

#include <algorithm>
#include <base/defect.hpp>
#include <base/text.hpp>
#include <cstdint>
#include <http/url.hpp>
#include <intake/service_address.hpp>

namespace offboard::fuzz {
namespace {

void check_parts(const Url& url) {
  ensure(url.scheme == "http" || url.scheme == "https", "an address is of the web");
  ensure(url.authority.find_first_of("/@?#\\ ") == std::string::npos, "an authority is host and port alone");
  const auto port = url.authority.substr(url.authority.rfind(':') + 1);
  ensure(!port.empty() && port.find_first_not_of("0123456789") == std::string::npos, "the port is given");
  ensure(url.path.starts_with('/') && url.path.find('?') == std::string::npos, "a path begins with a slash");
  ensure((url.path + "/").find("/../") == std::string::npos, "dot segments are resolved");
}

/// What was taken apart and put together is sent to and compared; it must not change on the way.
void check_url(std::string_view text) {
  const auto url = parse_url(text);
  if (!url) return;
  check_parts(*url);
  ensure(starts_with_ignoring_case(text, url->scheme + "://"), "an address is written as one");
  const auto again = parse_url(url->text());
  ensure(again == url, "an address put together again is the same address");
}

/// The address in brackets as its bytes: its zeros may be written in several ways.
std::string bytes_of(const std::string& host) {
  if (!host.starts_with('[')) return host;
  std::string bytes(sizeof(in6_addr), '\0');
  ensure(inet_pton(AF_INET6, host.substr(1, host.find(']') - 1).c_str(), bytes.data()) == 1,
         "what stands in brackets is an address");
  return bytes;
}

/// The job file's own reading of an address and the sender's agree.
void check_service_address(std::string_view text) {
  const auto address = service_address(text);
  if (!address) return;
  ensure(service_address(*address) == address, "an accepted address is accepted as it is written down");
  const auto url = parse_url(*address);
  ensure(url.has_value(), "an accepted address can be sent to");
  const auto after_scheme = address->find("://") + 3;
  const auto authority = address->substr(after_scheme, address->find('/', after_scheme) - after_scheme);
  ensure(url->scheme == address->substr(0, after_scheme - 3), "both see the same scheme");
  const auto host_end = url->authority.rfind(':');
  const auto port = url->authority.substr(host_end);
  const bool has_port = authority.ends_with(port);
  const auto host = has_port ? authority.substr(0, authority.size() - port.size()) : authority;
  ensure(has_port || port == (url->scheme == "https" ? ":443" : ":80"), "both see the same port");
  ensure(bytes_of(url->authority.substr(0, host_end)) == bytes_of(host), "both see the same host");
}

void check_encoding(std::string_view text) {
  const auto encoded = url_encoded(text);
  int length = 0;
  char* decoded = curl_easy_unescape(nullptr, encoded.c_str(), static_cast<int>(encoded.size()), &length);
  const std::string back(decoded, static_cast<std::size_t>(length));
  curl_free(decoded);
  ensure(back == text, "encoded text decodes to itself");
  ensure(encoded.find_first_of("&=+ #?/\"<>\r\n") == std::string::npos, "encoded text ends no field");
}

}  // namespace
}  // namespace offboard::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace offboard::fuzz;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_url(text);
  check_service_address(text);
  check_encoding(text);
  return 0;
}
