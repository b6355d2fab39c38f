#include "partner_center/claims.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include "base/text.hpp"
#include "partner_center/json.hpp"

namespace offboard {
namespace {

constexpr std::size_t k_longest_claim_text = 200;

/// The middle of `header.payload.signature`.
std::optional<std::string_view> payload_of(std::string_view token) {
  const auto first = token.find('.');
  const auto second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos)
    return std::nullopt;
  return token.substr(first + 1, second - first - 1);
}

/// In the alphabet of EVP_DecodeBlock, which also takes spaces and padding in odd places; nothing if there is
/// anything but base64url. (cjose's own reader ends the process where padding stands in the middle.)
std::optional<std::string> as_plain_base64(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!is_plain && c != '-' && c != '_') return std::nullopt;
    result += c == '-' ? '+' : c == '_' ? '/' : c;
  }
  if (result.empty() || result.size() % 4 == 1) return std::nullopt;
  return result;
}

std::optional<std::string> from_base64url(std::string_view text) {
  auto plain = as_plain_base64(text);
  if (!plain) return std::nullopt;
  const auto padding = (4 - plain->size() % 4) % 4;
  plain->append(padding, '=');
  std::string bytes(plain->size() / 4 * 3, '\0');
  const int size =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<const unsigned char*>(plain->data()), static_cast<int>(plain->size()));
  if (size < 0) return std::nullopt;
  bytes.resize(static_cast<std::size_t>(size) - padding);
  return bytes;
}

std::string first_claim(const JsonObject& claims, std::initializer_list<std::string_view> names) {
  for (const auto name : names) {
    if (const auto text = claims.string(name); !text.empty()) return one_line(text, k_longest_claim_text);
  }
  return "";
}

SecondFactor second_factor_in(const JsonObject& claims) {
  simdjson::dom::array methods;
  const auto given = claims.member("amr");
  if (!given || given->get(methods) != simdjson::SUCCESS) return SecondFactor::not_claimed;
  for (const auto method : methods) {
    std::string_view name;
    if (method.get(name) == simdjson::SUCCESS && equal_ignoring_case(name, "mfa")) return SecondFactor::used;
  }
  return SecondFactor::not_claimed;
}

std::string application_in(const JsonObject& claims) {
  const auto name = first_claim(claims, {"app_displayname"});
  const auto id = first_claim(claims, {"appid", "azp", "client_id"});
  return name.empty() || id.empty() ? name + id : fmt::format("{} ({})", name, id);
}

}  // namespace

std::optional<Claims> read_claims(std::string_view token) {
  const auto payload = payload_of(token);
  const auto text = payload ? from_base64url(*payload) : std::nullopt;
  if (!text) return std::nullopt;
  JsonDocument document;
  const auto claims = document.parse_object(*text);
  if (!claims) return std::nullopt;
  return Claims{first_claim(*claims, {"tid"}),
                first_claim(*claims, {"upn", "unique_name", "preferred_username", "email", "name"}),
                application_in(*claims), second_factor_in(*claims)};
}

}  // namespace offboard
