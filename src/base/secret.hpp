#pragma once
#include <string>
#include <string_view>

namespace offboard {

/// A token or a client secret. It cannot be printed, compared or formatted by accident: the one way to its
/// text is named so that a reviewer stops at it. Wiped when it goes.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(const Secret&) = default;
  Secret& operator=(const Secret& other);
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  [[nodiscard]] std::string_view reveal() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }

 private:
  void wipe();
  std::string text_;
};

/// Overwrites a text that held a secret, and empties it.
void wipe(std::string& text);

/// From now on this process leaves no core dump, in which its secrets would stand; nor may other programs of
/// the same user look into its memory.
void forbid_core_dumps();

}  // namespace offboard
