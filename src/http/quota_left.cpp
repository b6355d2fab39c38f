#include "http/quota_left.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "base/text.hpp"
#include "http/retry_after.hpp"

namespace offboard {
namespace {

/// What is larger than that is a moment: nobody is asked to wait for 30 years, and 2001 is over. In
/// milliseconds it is larger still; beyond those nothing is known.
constexpr std::int64_t k_first_moment = 1'000'000'000;
constexpr std::int64_t k_first_moment_in_ms = 1'000 * k_first_moment;
constexpr std::int64_t k_last_moment_in_ms = 1'000 * k_first_moment_in_ms;

constexpr std::array k_pairs = {std::pair("RateLimit-Remaining", "RateLimit-Reset"),
                                std::pair("X-RateLimit-Remaining", "X-RateLimit-Reset"),
                                std::pair("X-Rate-Limit-Remaining", "X-Rate-Limit-Reset")};

std::optional<std::int64_t> whole(std::string_view text) {
  std::int64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  const bool is_read = !text.empty() && read.ec == std::errc{} && read.ptr == end && value >= 0;
  return is_read ? std::optional(value) : std::nullopt;
}

/// As its own Date has it.
UtcTime servers_now(const HttpAnswer& answer, UtcTime now) {
  const auto* date = answer.header("Date");
  const auto said = date == nullptr ? std::nullopt : parse_http_date(trim(*date));
  return said.value_or(now);
}

/// The parts of a list, without their outer spaces; a separator within quotes separates nothing.
std::vector<std::string_view> parts_of(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  bool is_quoted = false;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"') is_quoted = !is_quoted;
    if (text[at] != separator || is_quoted) continue;
    parts.push_back(trim(text.substr(begin, at - begin)));
    begin = at + 1;
  }
  parts.push_back(trim(text.substr(begin)));
  return parts;
}

std::optional<std::int64_t> value_of(std::string_view name, const std::vector<std::string_view>& parts) {
  for (const auto part : parts) {
    const auto equals = part.find('=');
    if (equals != std::string_view::npos && trim(part.substr(0, equals)) == name)
      return whole(trim(part.substr(equals + 1)));
  }
  return std::nullopt;
}

/// The least of what the headers of one answer say.
class Least {
 public:
  Least(const HttpAnswer& answer, UtcTime now) : answer_(answer), now_(now) {}

  void hear(std::optional<std::int64_t> requests, std::optional<std::int64_t> reset) {
    if (!requests || !reset || *reset >= k_last_moment_in_ms) return;
    const QuotaLeft said{*requests, until(*reset)};
    const bool is_less = !least_ || said.requests < least_->requests ||
                         (said.requests == least_->requests && said.until_more > least_->until_more);
    if (is_less) least_ = said;
  }

  [[nodiscard]] std::optional<QuotaLeft> least() const { return least_; }

 private:
  [[nodiscard]] milliseconds until(std::int64_t reset) const {
    auto wait = milliseconds(reset);
    if (reset < k_first_moment_in_ms) wait = seconds(reset);
    if (reset >= k_first_moment) wait -= servers_now(answer_, now_).time_since_epoch();
    return std::clamp(wait, milliseconds(0), k_longest_retry_after);
  }

  const HttpAnswer& answer_;
  UtcTime now_;
  std::optional<QuotaLeft> least_;
};

}  // namespace

std::optional<QuotaLeft> quota_left(const HttpAnswer& answer, UtcTime now) {
  Least least(answer, now);
  for (const auto& header : answer.headers) {
    if (!equal_ignoring_case(header.name, "RateLimit")) continue;
    const auto quotas = parts_of(header.value, ',');
    least.hear(value_of("remaining", quotas), value_of("reset", quotas));
    for (const auto quota : quotas) {
      const auto parameters = parts_of(quota, ';');
      least.hear(value_of("r", parameters), value_of("t", parameters));
    }
  }
  for (const auto& [remaining_name, reset_name] : k_pairs) {
    const auto* remaining = answer.header(remaining_name);
    const auto* reset = answer.header(reset_name);
    if (remaining != nullptr && reset != nullptr) least.hear(whole(trim(*remaining)), whole(trim(*reset)));
  }
  return least.least();
}

}  // namespace offboard
