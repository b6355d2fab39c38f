#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace offboard::simulator {

struct Header {
  std::string name;
  std::string value;
};

/// In the order they were given; names are compared without regard to case, as HTTP does.
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<Header> headers) : all_(headers) {}
  void add(std::string_view name, std::string_view value);
  /// The first of that name.
  [[nodiscard]] std::optional<std::string> find(std::string_view name) const;
  [[nodiscard]] const std::vector<Header>& all() const { return all_; }

 private:
  std::vector<Header> all_;
};

struct Request {
  std::string method;
  std::string target;  // path and query, as in the request line
  Headers headers;
  std::string body;
};

/// What the wire does with a reply. The object decides; the server around it carries it out.
enum class WireFault {
  none,
  reset_before,             // connection reset; no effect took place
  reset_after,              // the effect took place, then connection reset
  truncate,                 // the whole length announced, half the body sent, then closed
  truncate_without_length,  // no length announced, half the body sent, then closed
  garbage,                  // bytes that are not HTTP
  stall,                    // no answer at all while the connection stays open
  drip,                     // whole, but a byte at a time
  close_in_headers          // closed in the middle of the headers
};

struct Reply {
  int status = 200;
  Headers headers;
  std::string body;
  WireFault wire_fault = WireFault::none;
  std::uint64_t padding = 0;  // so many blanks after the body; never held, since they may be more than memory
};

/// A reply with a JSON body.
[[nodiscard]] Reply json_reply(int status, std::string body);

/// The form that RFC 9110 5.6.7 asks of senders: `Sun, 06 Nov 1994 08:49:37 GMT`. Fractions are cut off.
[[nodiscard]] std::string http_date(UtcTime time);

/// A name and its values out of `a=1&b=%20` (forms and query strings); the first one of that name.
[[nodiscard]] std::optional<std::string> form_value(std::string_view form, std::string_view name);

}  // namespace offboard::simulator
