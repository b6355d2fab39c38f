#include "ledger/run_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "base/defect.hpp"
#include "base/file.hpp"

namespace offboard {

std::optional<RunLock> RunLock::take(const std::filesystem::path& ledger) {
  make_parent_folder(ledger);
  // A file of its own: SQLite's locks on the ledger would be lost when this process closed another handle to
  // it. The path is made canonical first, so that two spellings of one ledger meet in one lock.
  const auto path = std::filesystem::weakly_canonical(ledger).string() + ".lock";
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) {
    throw MachineTrouble(fmt::format("cannot open {}: {}", path, std::system_category().message(errno)));
  }
  RunLock lock(fd);
  if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno == EWOULDBLOCK) return std::nullopt;
  throw MachineTrouble(fmt::format("cannot lock {}: {}", path, std::system_category().message(errno)));
}

RunLock::RunLock(RunLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

RunLock::~RunLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace offboard
