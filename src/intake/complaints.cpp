#include "intake/complaints.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "intake/limits.hpp"

namespace offboard {

void Complaints::add(const Place& place, std::string message) {
  if (kept_.size() < limits::k_kept_messages) {
    kept_.push_back(source_.problem(place, std::move(message)));
  } else {
    ++uncounted_;
  }
}

void Complaints::raise_if_any() {
  if (none()) return;
  std::stable_sort(kept_.begin(), kept_.end(), [](const Problem& one, const Problem& other) {
    return std::tie(one.line, one.column) < std::tie(other.line, other.column);
  });
  throw InvalidInput(std::move(kept_), uncounted_);
}

}  // namespace offboard
