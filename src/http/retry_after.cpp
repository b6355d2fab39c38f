#include "http/retry_after.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace offboard {
namespace {

std::optional<milliseconds> in_seconds(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.empty() || !std::all_of(text.begin(), text.end(), is_digit)) return std::nullopt;
  std::int64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec == std::errc::result_out_of_range || value > k_longest_retry_after / seconds(1)) {
    return k_longest_retry_after;
  }
  return seconds(value);
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
  const auto* header = answer.header("Retry-After");
  if (header == nullptr) return std::nullopt;
  const auto text = trim(*header);
  if (const auto wait = in_seconds(text)) return wait;
  return as_date(text, answer, now);
}

}  // namespace offboard
