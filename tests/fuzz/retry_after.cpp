#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <array>
#include <base/defect.hpp>
#include <base/text.hpp>
#include <cstdint>
#include <http/quota_left.hpp>
#include <http/retry_after.hpp>
#include <string>

namespace offboard::fuzz {
namespace {

constexpr std::array k_names = {"Retry-After",
                                "retry-after",
                                "RETRY-AFTER",
                                "Date",
                                "X-Other",
                                "RateLimit",
                                "RateLimit-Remaining",
                                "RateLimit-Reset",
                                "X-RateLimit-Remaining",
                                "X-RateLimit-Reset"};
constexpr std::string_view k_months = "JanFebMarAprMayJunJulAugSepOctNovDec";
constexpr auto k_nowhere = std::string_view::npos;
constexpr std::string_view k_days = "SunMonTueWedThuFriSat";

std::optional<int> number(std::string_view text) {
  if (text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  return std::stoi(std::string(text));
}

/// A date in the one form that senders must use, read by position and calendar alone. Nothing for any other
/// form, also where the program is right to read it.
std::optional<UtcTime> simple_date(std::string_view text) {
  constexpr std::string_view k_form = "Sun, 06 Nov 1994 08:49:37 GMT";
  if (text.size() != k_form.size() || text.substr(25) != " GMT" || text.substr(3, 2) != ", ") return {};
  if (text[7] != ' ' || text[11] != ' ' || text[16] != ' ' || text[19] != ':' || text[22] != ':') return {};
  const auto month = k_months.find(text.substr(8, 3));
  const auto weekday = k_days.find(text.substr(0, 3));
  const auto day = number(text.substr(5, 2)), year = number(text.substr(12, 4));
  const auto hour = number(text.substr(17, 2)), minute = number(text.substr(20, 2)),
             second = number(text.substr(23, 2));
  if (month == k_nowhere || month % 3 != 0 || weekday == k_nowhere || weekday % 3 != 0) return {};
  if (!day || !year || !hour || !minute || !second) return {};
  if (*hour > 23 || *minute > 59 || *second > 59 || *year < 1900) return {};
  const std::chrono::year_month_day date(std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(month / 3 + 1)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return {};
  return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second);
}

/// A few whole seconds, or a date in the usual form. Nothing for anything else.
std::optional<milliseconds> simple_wait(std::string_view text, UtcTime now) {
  const bool is_number = !text.empty() && text.size() < 8 && number(text);
  if (is_number) return std::min<milliseconds>(seconds(*number(text)), k_longest_retry_after);
  const auto date = simple_date(text);
  if (!date) return std::nullopt;
  return std::clamp(*date - now, milliseconds(0), k_longest_retry_after);
}

struct SimpleReading {
  std::optional<milliseconds> wait;
  bool is_whole = true;  // each header could be read simply
};

/// What the answer asks for, as far as its headers can be read simply.
SimpleReading simple_reading(const HttpAnswer& answer, UtcTime now) {
  SimpleReading reading;
  if (const auto* date = answer.header("Date")) {
    const auto server_now = simple_date(trim(*date));
    if (!server_now) return {std::nullopt, false};
    now = *server_now;
  }
  for (const auto& header : answer.headers) {
    if (to_lower(header.name) != "retry-after") continue;
    const auto wait = simple_wait(trim(header.value), now);
    reading.is_whole = reading.is_whole && wait.has_value();
    reading.wait = std::max(reading.wait, wait);
  }
  return reading;
}

void check_answer(const HttpAnswer& answer, UtcTime now) {
  const auto wait = retry_after(answer, now);
  ensure(!wait || (*wait >= milliseconds(0) && *wait <= k_longest_retry_after), "a wait is within bounds");
  const auto simple = simple_reading(answer, now);
  if (simple.is_whole) ensure(wait == simple.wait, "simple headers mean what they say");
  ensure(wait >= simple.wait, "of several headers the longest counts");
}

/// A few digits, or nothing.
std::optional<int> simple_number(const std::string* text) {
  if (text == nullptr || trim(*text).empty() || trim(*text).size() > 8) return std::nullopt;
  return number(trim(*text));
}

void check_quota(const HttpAnswer& answer, UtcTime now) {
  const auto left = quota_left(answer, now);
  if (left) {
    ensure(left->requests >= 0, "no less than nothing is left");
    ensure(left->until_more >= milliseconds(0) && left->until_more <= k_longest_retry_after,
           "a reset is within bounds");
  }
  for (const std::string prefix : {"", "X-"}) {
    const auto remaining = simple_number(answer.header(prefix + "RateLimit-Remaining"));
    const auto reset = simple_number(answer.header(prefix + "RateLimit-Reset"));
    if (!remaining || !reset) continue;
    ensure(left && left->requests <= *remaining, "of several quotas the least counts");
    const bool is_alone = answer.headers.size() == 2;
    ensure(!is_alone ||
               left == QuotaLeft{*remaining, std::min<milliseconds>(seconds(*reset), k_longest_retry_after)},
           "a simple pair means what it says");
  }
}

}  // namespace
}  // namespace offboard::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace offboard;
  constexpr std::int64_t k_year_9999 = 253'402'300'799'999;
  FuzzedDataProvider input(data, size);
  const UtcTime now(milliseconds(input.ConsumeIntegralInRange<std::int64_t>(0, k_year_9999)));
  HttpAnswer answer;
  while (input.remaining_bytes() > 0 && answer.headers.size() < 4) {
    const std::string name = input.PickValueInArray(fuzz::k_names);
    answer.headers.push_back({name, input.ConsumeRandomLengthString(100)});
  }
  fuzz::check_answer(answer, now);
  fuzz::check_quota(answer, now);
  return 0;
}
