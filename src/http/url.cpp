#include "http/url.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/text.hpp"

namespace offboard {
namespace {

using Handle = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

std::string part(const Handle& handle, CURLUPart what, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(handle.get(), what, &text, flags) != CURLUE_OK) return "";
  std::string result(text);
  curl_free(text);
  return result;
}

bool has_control_or_space(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= 0x20 || byte == 0x7F || c == '\\';
  });
}

/// libcurl takes one slash and three for two.
bool has_two_slashes(std::string_view text) {
  const auto slashes = text.find("//");
  return slashes != std::string_view::npos && text.find('/') == slashes && text.substr(slashes + 2, 1) != "/";
}

std::optional<Url> taken_apart(const Handle& handle) {
  Url url{part(handle, CURLUPART_SCHEME), "", part(handle, CURLUPART_PATH), part(handle, CURLUPART_QUERY)};
  const bool web = url.scheme == "http" || url.scheme == "https";
  const auto host = to_lower(part(handle, CURLUPART_HOST));
  if (!web || host.empty()) return std::nullopt;
  const bool has_user = !part(handle, CURLUPART_USER).empty() || !part(handle, CURLUPART_PASSWORD).empty();
  if (has_user || !part(handle, CURLUPART_FRAGMENT).empty()) return std::nullopt;
  url.authority = host + ":" + part(handle, CURLUPART_PORT, CURLU_DEFAULT_PORT);
  return url;
}

/// `text` may be relative to what the handle holds already.
std::optional<Url> parsed(const Handle& handle, const std::string& text) {
  if (curl_url_set(handle.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) return std::nullopt;
  return taken_apart(handle);
}

Handle new_handle() {
  return {curl_url(), &curl_url_cleanup};
}

/// libcurl decodes a host only after it has looked whether it is a number: `127%2e1` is the name `127.1` when
/// it is read, and 127.0.0.1 when it is sent to.
std::optional<Url> if_read_alike_again(std::optional<Url> url) {
  return url && parsed(new_handle(), url->text()) == url ? url : std::nullopt;
}

}  // namespace

std::optional<Url> parse_url(std::string_view text) {
  if (has_control_or_space(text) || !has_two_slashes(text)) return std::nullopt;
  return if_read_alike_again(parsed(new_handle(), std::string(text)));
}

std::optional<Url> resolve(const Url& base, std::string_view reference) {
  if (has_control_or_space(reference)) return std::nullopt;
  const auto handle = new_handle();
  if (!parsed(handle, base.text())) return std::nullopt;
  return if_read_alike_again(parsed(handle, std::string(reference)));
}

std::string url_encoded(std::string_view text) {
  constexpr std::string_view k_digits = "0123456789ABCDEF";
  std::string result;
  result.reserve(text.size());
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      result += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      result += {'%', k_digits[byte >> 4], k_digits[byte & 0xF]};
    }
  }
  return result;
}

}  // namespace offboard
