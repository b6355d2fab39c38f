#pragma once
#include <string>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "model/blocker.hpp"

namespace offboard {

struct Ready {};
struct AlreadyRemoved {};
struct Blocked {
  std::vector<Blocker> blockers;  // never empty; in the order of the service's answer, identity first
};

using Decision = std::variant<Ready, Blocked, AlreadyRemoved>;

/// When everything about a blocked tenant was last read, and what it was held against.
struct FullCheck {
  UtcTime at;
  std::string terms;
};

}  // namespace offboard
