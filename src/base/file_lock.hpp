#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/expected.hpp"
#include "base/time.hpp"

namespace offboard {

enum class LockTroubleKind {
  held,      ///< somebody else has it
  no_place,  ///< where it would lie, this account may not write
  other
};

struct LockTrouble {
  LockTroubleKind kind = LockTroubleKind::other;
  std::string message;  // names the lock's file and the system's reason
};

/// Keeps other programs that take the same lock away from a file. The system lets go of it when the process
/// ends, however it ends.
class FileLock {
 public:
  /// Never waits. The lock is a file of its own, `FILE.lock`, which stays: the guarded file may be renamed
  /// over, and SQLite's locks on one would be lost when this process closed another handle to it.
  [[nodiscard]] static Expected<FileLock, LockTrouble> take(const std::filesystem::path& guarded);

  FileLock(FileLock&& other) noexcept;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

  /// A mark in the lock's own file, which stays when its holder dies. What cannot be written there is left
  /// out.
  void mark(std::string_view why);
  void unmark();
  /// When it was marked; nothing if it is not.
  [[nodiscard]] std::optional<UtcTime> marked_at() const;

 private:
  explicit FileLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace offboard
