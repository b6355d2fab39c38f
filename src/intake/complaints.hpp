#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "intake/problem.hpp"
#include "intake/source_text.hpp"

namespace offboard {

/// Gathers what is wrong with one file. Keeps the first 50 and counts the rest.
class Complaints {
 public:
  /// The source must outlive this.
  explicit Complaints(const SourceText& source) : source_(source) {}

  void add(const Place& place, std::string message);

  [[nodiscard]] bool none() const { return total() == 0; }
  [[nodiscard]] std::size_t total() const { return kept_.size() + uncounted_; }

  /// Throws InvalidInput, in the order of the file, if there was anything to complain about.
  void raise_if_any();

 private:
  const SourceText& source_;
  std::vector<Problem> kept_;
  std::size_t uncounted_ = 0;
};

}  // namespace offboard
