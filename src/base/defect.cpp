#include "base/defect.hpp"

#include <string>

namespace offboard {

void ensure(bool holds, std::string_view promise) {
  if (!holds) throw Defect("broken promise: " + std::string(promise));
}

}  // namespace offboard
