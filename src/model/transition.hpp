#pragma once
#include <string>
#include <string_view>

#include "base/guid.hpp"
#include "base/time.hpp"
#include "model/state.hpp"

namespace offboard {

/// The request behind a move, and what came back. Empty and 0 where there was none.
struct Evidence {
  int http_status = 0;
  std::string error_code;  // the service's own, or this program's name for a transport failure
  std::string message;     // the service's own words, one line
  Guid request_id;         // as sent
  Guid correlation_id;     // as sent
};

/// One move of one tenant, as history will tell it.
struct Transition {
  State from = State::pending;
  State to = State::pending;
  UtcTime at;
  std::string reason;
  Evidence evidence;
};

/// The reasons that history gives. Others are blocker codes or the service's error code.
inline constexpr std::string_view k_reason_listed = "listed";
inline constexpr std::string_view k_reason_listed_again = "listed-again";
inline constexpr std::string_view k_reason_off_the_list = "off-the-list";
inline constexpr std::string_view k_reason_retry_failed = "retry-failed";
inline constexpr std::string_view k_reason_facts_read = "facts-read";
inline constexpr std::string_view k_reason_no_blocker = "no-blocker";
inline constexpr std::string_view k_reason_intent = "intent-recorded";
inline constexpr std::string_view k_reason_confirmed = "confirmed";
inline constexpr std::string_view k_reason_read_back = "read-back";
inline constexpr std::string_view k_reason_already_removed = "already-removed";

}  // namespace offboard
