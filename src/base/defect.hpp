#pragma once
#include <stdexcept>
#include <string_view>

namespace offboard {

/// A promise that our own code broke. It ends the program with exit code 1: a runner whose last step cannot
/// be undone does not carry on once it knows that it is wrong.
class Defect : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

/// The machine failed us: disk full, unreadable ledger. Exit code 1; nothing recorded is lost.
class MachineTrouble : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// An assertion that stays on in release builds. Throws Defect.
void ensure(bool holds, std::string_view promise);

}  // namespace offboard
