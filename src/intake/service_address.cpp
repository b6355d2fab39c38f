#include "intake/service_address.hpp"

#include <arpa/inet.h>

#include <algorithm>

#include "base/text.hpp"

namespace offboard {
namespace {

using Trouble = std::string;

constexpr std::string_view k_decimal = "0123456789";
constexpr std::string_view k_letters_and_digits =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
/// RFC 3986 without percent signs: no service has them in its address, and they can hide a slash.
constexpr std::string_view k_path_extras = "/-._~!$&'()*+,;=:@";
constexpr std::size_t k_longest_name = 253;  // bytes, RFC 1035
constexpr std::size_t k_longest_label = 63;

bool only(std::string_view text, std::string_view allowed) {
  return text.find_first_not_of(allowed) == std::string_view::npos;
}

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > k_longest_label) return false;
  if (label.front() == '-' || label.back() == '-') return false;
  return std::all_of(label.begin(), label.end(), [](char c) {
    return c == '-' || k_letters_and_digits.find(c) != std::string_view::npos;
  });
}

/// How many labels a DNS name has; 0 if it is none.
std::size_t count_labels(std::string_view name) {
  if (name.size() > k_longest_name) return 0;
  std::size_t count = 0;
  while (true) {
    const auto dot = name.find('.');
    if (!is_label(name.substr(0, dot))) return 0;
    ++count;
    if (dot == std::string_view::npos) return count;
    name.remove_prefix(dot + 1);
  }
}

bool is_number_up_to(std::string_view text, int most) {
  if (text.empty() || text.size() > 5 || !only(text, k_decimal)) return false;
  if (text.size() > 1 && text.front() == '0') return false;
  return std::stoi(std::string(text)) <= most;
}

/// Four numbers in their one usual spelling.
bool is_dotted_quad(std::string_view host) {
  for (int part = 0; part < 4; ++part) {
    const auto dot = host.find('.');
    if ((dot == std::string_view::npos) != (part == 3)) return false;
    if (!is_number_up_to(host.substr(0, dot), 255)) return false;
    host.remove_prefix(part == 3 ? host.size() : dot + 1);
  }
  return true;
}

/// Ends in a number, and so is no name. `127.1`, `0x7f.1` and `0177.0.0.1` are read differently by different
/// libraries.
bool is_numeric(std::string_view host) {
  const auto last = host.substr(host.rfind('.') + 1);
  return only(last, k_decimal) || starts_with_ignoring_case(last, "0x");
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "[::1]" || (host.starts_with("127.") && is_dotted_quad(host));
}

bool is_bracketed_address(std::string_view host) {
  if (host.size() < 4 || host.front() != '[' || host.back() != ']') return false;
  in6_addr address{};
  return inet_pton(AF_INET6, std::string(host.substr(1, host.size() - 2)).c_str(), &address) == 1;
}

bool is_host(std::string_view host) {
  if (host.starts_with('[')) return is_bracketed_address(host);
  return is_numeric(host) ? is_dotted_quad(host) : count_labels(host) > 0;
}

struct Parts {
  std::string_view scheme, authority, path;
};

Parts split(std::string_view text) {
  const auto colon = text.find("://");
  if (colon == std::string_view::npos) return {};
  const auto rest = text.substr(colon + 3);
  const auto slash = std::min(rest.find('/'), rest.size());
  return {text.substr(0, colon), rest.substr(0, slash), rest.substr(slash)};
}

/// The port with its colon, or nothing. A colon inside brackets belongs to the host.
std::string_view port_of(std::string_view authority) {
  const auto host_end = authority.starts_with('[') ? authority.find(']') : 0;
  const auto colon = host_end == std::string_view::npos ? host_end : authority.find(':', host_end);
  return colon == std::string_view::npos ? std::string_view() : authority.substr(colon);
}

/// What holds for the text as a whole. Empty if nothing is wrong.
Trouble trouble_with_characters(std::string_view text) {
  if (text.find('\\') != std::string_view::npos) return "a backslash has no place in an address";
  if (text.find('?') != std::string_view::npos) return "an address here must not have a query";
  if (text.find('#') != std::string_view::npos) return "an address here must not have a fragment";
  const bool is_ascii = std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7F'; });
  return is_ascii ? "" : "an address must be plain ASCII without spaces";
}

Trouble trouble_with_host(std::string_view scheme, std::string_view host, std::string_view port) {
  if (host.empty()) return "the address has no host";
  if (!port.empty() && (!is_number_up_to(port.substr(1), 65535) || port == ":0"))
    return "the port must be a number from 1 to 65535";
  if (!is_host(host)) return "the host is not a valid name";
  if (scheme == "http" && !is_loopback(host))
    return "plain http is allowed for loopback alone (localhost, 127.0.0.0/8, [::1]); write https://";
  return {};
}

}  // namespace

Expected<std::string, std::string> service_address(std::string_view text) {
  if (auto trouble = trouble_with_characters(text); !trouble.empty()) return failure(std::move(trouble));
  const auto parts = split(text);
  const auto scheme = to_lower(parts.scheme);
  if (scheme != "https" && scheme != "http") return failure(Trouble("an address must begin with https://"));
  if (parts.authority.find('@') != std::string_view::npos)
    return failure(Trouble("an address must not have a user name or password in it"));
  const auto port = port_of(parts.authority);
  const auto host = to_lower(parts.authority.substr(0, parts.authority.size() - port.size()));
  if (auto trouble = trouble_with_host(scheme, host, port); !trouble.empty())
    return failure(std::move(trouble));
  const auto allowed = std::string(k_letters_and_digits) + std::string(k_path_extras);
  if (!only(parts.path, allowed))
    return failure(Trouble("the path has a character that is not allowed here"));
  auto path = parts.path;
  while (path.ends_with('/')) path.remove_suffix(1);
  return scheme + "://" + host + std::string(port) + std::string(path);
}

bool is_domain_name(std::string_view text) {
  return count_labels(text) >= 2;
}

}  // namespace offboard
