#include "base/file_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace offboard {
namespace {

LockTrouble lock_trouble(const char* what, const std::string& path, int error) {
  LockTroubleKind kind = LockTroubleKind::other;
  if (error == EROFS || error == EACCES || error == EPERM || error == ENOENT || error == ENOTDIR)
    kind = LockTroubleKind::no_place;
  if (error == EWOULDBLOCK) kind = LockTroubleKind::held;
  return {kind, fmt::format("cannot {} {}: {}", what, path, std::system_category().message(error))};
}

}  // namespace

Expected<FileLock, LockTrouble> FileLock::take(const std::filesystem::path& guarded) {
  // Made canonical first, so that two spellings of one file meet in one lock.
  std::error_code error;
  const auto canonical = std::filesystem::weakly_canonical(guarded, error);
  const auto path = (error ? guarded : canonical).string() + ".lock";
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return failure(lock_trouble("open", path, errno));
  FileLock lock(fd);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) return failure(lock_trouble("lock", path, errno));
  return lock;
}

FileLock::FileLock(FileLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

void FileLock::mark(std::string_view why) {
  unmark();
  [[maybe_unused]] const auto written = ::pwrite(fd_, why.data(), why.size(), 0);
}

void FileLock::unmark() {
  [[maybe_unused]] const int result = ::ftruncate(fd_, 0);
}

std::optional<UtcTime> FileLock::marked_at() const {
  struct stat info {};
  if (::fstat(fd_, &info) != 0 || info.st_size == 0) return std::nullopt;
  return UtcTime(seconds(info.st_mtim.tv_sec) + milliseconds(info.st_mtim.tv_nsec / 1'000'000));
}

FileLock::~FileLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace offboard
