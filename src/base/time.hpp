#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace offboard {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Wall-clock time, UTC, to the millisecond: what ledgers and reports show.
using UtcTime = std::chrono::sys_time<milliseconds>;

/// `2026-11-23T01:38:07.123Z`.
[[nodiscard]] std::string iso_text(UtcTime time);

/// `2026-11-23`.
[[nodiscard]] std::string date_text(UtcTime time);

/// Reads exactly what iso_text writes.
[[nodiscard]] std::optional<UtcTime> parse_iso(std::string_view text);

/// An HTTP date in the form every sender must use (RFC 9110 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
/// The two obsolete forms are read too, as a receiver must.
[[nodiscard]] std::optional<UtcTime> parse_http_date(std::string_view text);

/// `1h 04m 09s`, `3.2 s`, for people.
[[nodiscard]] std::string duration_text(milliseconds duration);

}  // namespace offboard
