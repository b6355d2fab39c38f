#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace offboard {

/// ASCII only, whatever the locale: the service's words and the list's headers are ASCII.
[[nodiscard]] std::string to_lower(std::string_view text);
[[nodiscard]] bool equal_ignoring_case(std::string_view one, std::string_view other);
[[nodiscard]] bool contains_ignoring_case(std::string_view text, std::string_view part);
[[nodiscard]] bool starts_with_ignoring_case(std::string_view text, std::string_view start);

/// Are these the same name, letter case of any script and outer spaces aside? Accents count.
[[nodiscard]] bool same_name(std::string_view one, std::string_view other);

/// Without leading and trailing spaces, tabs, line ends and no-break spaces (names are pasted from web
/// pages).
[[nodiscard]] std::string_view trim(std::string_view text);

/// Where the text stops being UTF-8 (overlong forms and surrogates count as broken), or nothing if it is
/// sound.
[[nodiscard]] std::optional<std::size_t> first_invalid_utf8(std::string_view text);

/// How many characters a UTF-8 text has; broken bytes count one each.
[[nodiscard]] std::size_t count_characters(std::string_view text);

/// The text with everything that is not printable UTF-8 replaced and cut to a length, fit for one line of a
/// log, a message or a ledger column. The service's own words go through here.
[[nodiscard]] std::string one_line(std::string_view text, std::size_t max_bytes);

}  // namespace offboard
