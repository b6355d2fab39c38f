#pragma once
#include <cstdint>
#include <string>

#include "simulator/message.hpp"

namespace offboard::simulator {

enum class Pace { at_once, byte_by_byte };

/// What becomes of the connection once the bytes are out.
enum class Ending {
  keep,
  close,
  reset,
  hold  // stays open and silent
};

struct Wire {
  std::string bytes;
  Pace pace = Pace::at_once;
  Ending ending = Ending::keep;
  std::uint64_t padding = 0;  // so many blanks follow
};

enum class Persistence { keep_alive, close };

/// A reply as bytes of HTTP/1.1, spoiled as its wire fault says.
[[nodiscard]] Wire wire_form(const Reply& reply, Persistence persistence);

}  // namespace offboard::simulator
