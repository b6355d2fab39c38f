#include "http/retry_after.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace offboard {
namespace {

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Whole seconds, as the standard has them; a fraction, which some senders add, is rounded up.
std::optional<milliseconds> in_seconds(std::string_view text) {
  const auto point = text.find('.');
  const auto whole = text.substr(0, point);
  const bool has_fraction = point != std::string_view::npos;
  if (!is_digits(whole) || (has_fraction && !is_digits(text.substr(point + 1)))) return std::nullopt;
  std::int64_t value = 0;
  const auto read = std::from_chars(whole.data(), whole.data() + whole.size(), value);
  if (read.ec == std::errc::result_out_of_range || value >= k_longest_retry_after / seconds(1)) {
    return k_longest_retry_after;
  }
  return seconds(value + (has_fraction ? 1 : 0));
}

std::optional<milliseconds> as_date(std::string_view text, const HttpAnswer& answer, UtcTime now) {
  const auto until = parse_http_date(text);
  if (!until) return std::nullopt;
  const auto* date = answer.header("Date");
  const auto server_now = date == nullptr ? std::nullopt : parse_http_date(trim(*date));
  return std::clamp(*until - server_now.value_or(now), milliseconds(0), k_longest_retry_after);
}

}  // namespace

std::optional<milliseconds> retry_after(const HttpAnswer& answer, UtcTime now) {
  std::optional<milliseconds> longest;
  for (const auto& header : answer.headers) {
    if (!equal_ignoring_case(header.name, "Retry-After")) continue;
    const auto text = trim(header.value);
    auto wait = in_seconds(text);
    if (!wait) wait = as_date(text, answer, now);
    if (wait) longest = std::max(longest.value_or(milliseconds(0)), *wait);
  }
  return longest;
}

}  // namespace offboard
