#include "base/time.hpp"

#include <fmt/chrono.h>
#include <time.h>

#include <array>
#include <ctime>

namespace offboard {
namespace {

std::tm utc_fields(UtcTime time) {
  return fmt::gmtime(std::chrono::floor<seconds>(time));
}

/// Reads the whole text by a strptime pattern. The project never sets a locale, so month names are English.
std::optional<std::chrono::sys_seconds> parse_fields(std::string_view text, const char* pattern) {
  const std::string owned(text);
  std::tm fields{};
  const char* end = strptime(owned.c_str(), pattern, &fields);
  if (end == nullptr || *end != '\0') return std::nullopt;
  const std::time_t since_epoch = timegm(&fields);
  return std::chrono::sys_seconds(seconds(since_epoch));
}

}  // namespace

std::string iso_text(UtcTime time) {
  const auto fraction = (time - std::chrono::floor<seconds>(time)).count();
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", utc_fields(time), fraction);
}

std::string date_text(UtcTime time) {
  return fmt::format("{:%Y-%m-%d}", utc_fields(time));
}

std::optional<UtcTime> parse_iso(std::string_view text) {
  constexpr std::size_t k_length = 24;
  if (text.size() != k_length || text[19] != '.' || text.back() != 'Z') return std::nullopt;
  const auto whole = parse_fields(text.substr(0, 19), "%Y-%m-%dT%H:%M:%S");
  if (!whole) return std::nullopt;
  int fraction = 0;
  for (const char digit : text.substr(20, 3)) {
    if (digit < '0' || digit > '9') return std::nullopt;
    fraction = fraction * 10 + (digit - '0');
  }
  return UtcTime(*whole) + milliseconds(fraction);
}

std::optional<UtcTime> parse_http_date(std::string_view text) {
  constexpr std::array k_patterns = {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT",
                                     "%a %b %d %H:%M:%S %Y"};
  for (const char* pattern : k_patterns) {
    if (const auto time = parse_fields(text, pattern)) return UtcTime(*time);
  }
  return std::nullopt;
}

std::string duration_text(milliseconds duration) {
  const auto total = std::chrono::floor<seconds>(duration).count();
  if (total < 60) return fmt::format("{:.1f} s", static_cast<double>(duration.count()) / 1000.0);
  if (total < 3600) return fmt::format("{}m {:02}s", total / 60, total % 60);
  return fmt::format("{}h {:02}m {:02}s", total / 3600, total / 60 % 60, total % 60);
}

}  // namespace offboard
