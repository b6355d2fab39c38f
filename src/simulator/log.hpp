#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "simulator/call.hpp"

namespace offboard::simulator {

enum class Effect {
  removed,
  replay,                  // a PATCH whose request id was answered before: the same answer, no second effect
  second_removal_attempt,  // a PATCH with another request id for a customer that was already removed
  removed_while_blocked,   // a removal was asked for although something stood in its way, refused or not
  refused,                 // the PATCH was refused for its body or for what stands in the way
  delegated_access_changed,  // the other thing that the PATCH's address does
  purged,                    // DELETE: no client may ever do this
  throttled,                 // answered 429, by a throttle or by a fault
  served_early,              // came back before the Retry-After it was given was over
  unauthorized,              // without a valid access token
  tokens_issued,
  sign_in_refused
};

[[nodiscard]] std::string_view name_of(Effect effect);

/// Whom the Retry-After that a client did not wait for was meant for.
enum class EarlyScope { customer, partner };

struct Early {
  EarlyScope scope = EarlyScope::customer;
  milliseconds by{};         // how much of the wait was left
  milliseconds since_429{};  // a request that was under way when the 429 was given is not a client's fault
};

/// What an answer about customers says of one of them.
struct Told {
  std::string customer;
  std::string company_name;
  std::string relationship;
};

/// One request and what came of it.
struct LogEntry {
  std::uint64_t seq = 0;
  UtcTime at;
  Kind kind = Kind::other;
  std::string method;
  std::string target;
  std::string customer;
  std::string request_id;
  std::string correlation_id;
  int status = 0;     // 0: no status reached the client
  std::string fault;  // empty: an honest answer
  std::string retry_after;
  std::vector<Effect> effects;
  std::vector<std::string> blocked_by;
  std::optional<Early> early;
  std::vector<Told> told;  // an honest answer, whatever of it reached the client

  [[nodiscard]] bool has(Effect effect) const;
};

/// One line of JSON, without the line end. Says nothing of tokens and secrets.
[[nodiscard]] std::string json_line(const LogEntry& entry);

using LogSink = std::function<void(const LogEntry&)>;

}  // namespace offboard::simulator
