#pragma once
#include <variant>
#include <vector>

#include "model/blocker.hpp"

namespace offboard {

struct Ready {};
struct AlreadyRemoved {};
struct Blocked {
  std::vector<Blocker> blockers;  // never empty; in the order of the service's answer, identity first
};

using Decision = std::variant<Ready, Blocked, AlreadyRemoved>;

}  // namespace offboard
