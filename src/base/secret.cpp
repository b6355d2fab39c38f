#include "base/secret.hpp"

#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace offboard {

Secret& Secret::operator=(const Secret& other) {
  if (this != &other) {
    wipe();
    text_ = other.text_;
  }
  return *this;
}

// A short text lives inside the string object itself and is copied by a move, so the source is wiped too.
Secret::Secret(Secret&& other) noexcept : text_(std::move(other.text_)) {
  other.wipe();
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    text_ = std::move(other.text_);
    other.wipe();
  }
  return *this;
}

Secret::~Secret() {
  wipe();
}

void Secret::wipe() {
  offboard::wipe(text_);
}

void wipe(std::string& text) {
  text.resize(text.capacity());
  explicit_bzero(text.data(), text.size());
  text.clear();
}

void forbid_core_dumps() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  // Where the system pipes dumps to a program it heeds no limit, only this.
  ::prctl(PR_SET_DUMPABLE, 0);
}

}  // namespace offboard
