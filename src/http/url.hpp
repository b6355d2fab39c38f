#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace offboard {

/// An address taken apart by the same parser that will send to it, so that the two cannot disagree about
/// which host it names.
struct Url {
  std::string scheme;     // lower case
  std::string authority;  // host:port, lower case, the port always given
  std::string path;       // begins with a slash; dot segments resolved
  std::string query;      // without the question mark; may be empty

  [[nodiscard]] std::string origin() const { return scheme + "://" + authority; }
  [[nodiscard]] std::string text() const { return origin() + path + (query.empty() ? "" : "?" + query); }

  friend bool operator==(const Url&, const Url&) = default;
};

/// An absolute http or https address without user, password or fragment, whose text() reads the same again.
/// Nothing for anything else.
[[nodiscard]] std::optional<Url> parse_url(std::string_view text);

/// A reference as a service writes it into an answer (absolute, or relative to `base`), made absolute.
[[nodiscard]] std::optional<Url> resolve(const Url& base, std::string_view reference);

/// Percent-encoded for a form body or a query.
[[nodiscard]] std::string url_encoded(std::string_view text);

}  // namespace offboard
