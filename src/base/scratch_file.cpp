#include "base/scratch_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <vector>

#include "base/defect.hpp"

namespace offboard {
namespace {

constexpr std::size_t k_write_at = 256UL * 1024;
/// Neighbours are mostly read one after the other.
constexpr std::size_t k_read_ahead = 64UL * 1024;

[[noreturn]] void give_up() {
  throw MachineTrouble(fmt::format("cannot use a temporary file: {}; TMPDIR may name another folder for it",
                                   std::system_category().message(errno)));
}

int open_without_a_name(const std::string& folder) {
  const int fd = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0) return fd;
  // Not every file system can do that.
  auto name = folder + "/offboard-XXXXXX";
  const int named = ::mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0) ::unlink(name.c_str());
  return named;
}

int open_scratch() {
  std::vector<std::string> folders = {"/var/tmp", "/tmp"};
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing in this program changes the environment.
  if (const char* wanted = ::getenv("TMPDIR"); wanted != nullptr && *wanted != '\0') folders = {wanted};
  for (const auto& folder : folders) {
    if (const int fd = open_without_a_name(folder); fd >= 0) return fd;
  }
  give_up();
}

}  // namespace

ScratchFile::~ScratchFile() {
  if (fd_ >= 0) ::close(fd_);
}

void ScratchFile::append(std::string_view piece) {
  gathered_ += piece;
  if (gathered_.size() >= (fd_ < 0 ? in_memory_ : k_write_at)) write_out();
}

void ScratchFile::write_out() {
  if (fd_ < 0) fd_ = open_scratch();
  for (std::string_view rest = gathered_; !rest.empty();) {
    const auto done = ::write(fd_, rest.data(), rest.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) give_up();
    rest.remove_prefix(static_cast<std::size_t>(done));
  }
  written_ += gathered_.size();
  // What was gathered while all was in memory is much.
  gathered_ = {};
}

std::string_view ScratchFile::read(std::uint64_t from, std::size_t length) {
  ensure(from + length <= size(), "only what was written is read");
  if (from >= written_) return std::string_view(gathered_).substr(from - written_, length);
  if (from + length > written_) write_out();
  if (from < read_from_ || from + length > read_from_ + read_.size()) {
    read_from_ = from;
    read_.resize(
        static_cast<std::size_t>(std::min<std::uint64_t>(std::max(length, k_read_ahead), written_ - from)));
    for (std::size_t have = 0; have < read_.size();) {
      const auto got =
          ::pread(fd_, read_.data() + have, read_.size() - have, static_cast<off_t>(from + have));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) give_up();
      have += static_cast<std::size_t>(got);
    }
  }
  return std::string_view(read_).substr(from - read_from_, length);
}

}  // namespace offboard
