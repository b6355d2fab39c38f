#pragma once
#include <filesystem>
#include <optional>

namespace offboard {

/// Keeps `check` and `run` apart: whoever holds it is the one that works on this ledger. The system lets go
/// of it when the process ends, however it ends.
class RunLock {
 public:
  /// Nothing if another process holds it. Throws MachineTrouble if the lock file cannot be made.
  [[nodiscard]] static std::optional<RunLock> take(const std::filesystem::path& ledger);

  RunLock(RunLock&& other) noexcept;
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;
  RunLock& operator=(RunLock&&) = delete;
  ~RunLock();

 private:
  explicit RunLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace offboard
