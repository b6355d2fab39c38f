#include "base/time.hpp"

#include <fmt/chrono.h>
#include <time.h>

#include <array>
#include <ctime>

namespace offboard {
namespace {

/// By way of time_t, which holds every year; the system clock's own type ends in 2262.
std::tm utc_fields(UtcTime time) {
  return fmt::gmtime(static_cast<std::time_t>(std::chrono::floor<seconds>(time).time_since_epoch().count()));
}

/// Reads the whole text by a strptime pattern. The project never sets a locale, so month names are English.
std::optional<std::chrono::sys_seconds> parse_fields(std::string_view text, const char* pattern) {
  const std::string owned(text);
  if (owned.find('\0') != std::string::npos) return std::nullopt;
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
  if (text.size() != k_length) return std::nullopt;
  const auto whole = parse_fields(text.substr(0, 19), "%Y-%m-%dT%H:%M:%S");
  if (!whole) return std::nullopt;
  int fraction = 0;
  for (const char digit : text.substr(20, 3)) {
    if (digit < '0' || digit > '9') return std::nullopt;
    fraction = fraction * 10 + (digit - '0');
  }
  const auto time = UtcTime(*whole) + milliseconds(fraction);
  // Dates that do not exist and other liberties of strptime come back as something else.
  return iso_text(time) == text ? std::optional(time) : std::nullopt;
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
  if (total < 60) return fmt::format("{}.{} s", total, (duration.count() - total * 1000) / 100);
  if (total < 3600) return fmt::format("{}m {:02}s", total / 60, total % 60);
  return fmt::format("{}h {:02}m {:02}s", total / 3600, total / 60 % 60, total % 60);
}

}  // namespace offboard
