#pragma once
#include <filesystem>
#include <optional>

#include "base/file_lock.hpp"

namespace offboard {

/// Keeps `check` and `run` apart: whoever holds it is the one that works on this ledger. The system lets go
/// of it when the process ends, however it ends.
class RunLock {
 public:
  /// Nothing if another process holds it. Throws MachineTrouble if the lock file cannot be made.
  [[nodiscard]] static std::optional<RunLock> take(const std::filesystem::path& ledger);

 private:
  explicit RunLock(FileLock lock) : lock_(std::move(lock)) {}
  FileLock lock_;
};

}  // namespace offboard
