#include "base/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <optional>
#include <system_error>
#include <utility>

#include "base/defect.hpp"

namespace offboard {
namespace {

/// An open file descriptor with an owner.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool open() const { return fd_ >= 0; }
  /// Closes now and tells whether that went well: a full network disk may say so only here.
  [[nodiscard]] bool close() { return ::close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_;
};

std::string reason(int error) {
  return std::system_category().message(error);
}

FileTrouble trouble(const std::filesystem::path& path, int error) {
  FileTroubleKind kind = FileTroubleKind::other;
  if (error == ENOENT || error == ENOTDIR) kind = FileTroubleKind::missing;
  if (error == EACCES || error == EPERM) kind = FileTroubleKind::no_permission;
  return {kind, fmt::format("{}: {}", path.string(), reason(error))};
}

[[noreturn]] void give_up(const std::filesystem::path& path, int error) {
  throw MachineTrouble(fmt::format("cannot write {}: {}", path.string(), reason(error)));
}

void write_all(int fd, std::string_view data, const std::filesystem::path& path) {
  while (!data.empty()) {
    const auto written = ::write(fd, data.data(), data.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) give_up(path, errno);
    data.remove_prefix(static_cast<std::size_t>(written));
  }
}

/// Gathers small pieces, so that a report of a million cells is not a million system calls.
class BufferedWriter {
 public:
  BufferedWriter(int fd, const std::filesystem::path& path) : fd_(fd), path_(path) {}
  void add(std::string_view piece) {
    buffer_ += piece;
    if (buffer_.size() >= k_flush_at) flush();
  }
  void flush() {
    write_all(fd_, buffer_, path_);
    buffer_.clear();
  }

 private:
  static constexpr std::size_t k_flush_at = 64 * 1024;
  int fd_;
  const std::filesystem::path& path_;
  std::string buffer_;
};

mode_t mode_for(Readers readers) {
  return readers == Readers::owner_only ? 0600 : 0666;
}

constexpr std::string_view k_beside = ".new";

/// The process id keeps two writers from meeting in one temporary file.
std::filesystem::path beside(const std::filesystem::path& target, pid_t writer) {
  return fmt::format("{}.{}{}", target.string(), writer, k_beside);
}

/// Who gathers, or gathered, in a file of that name; nothing if it is no such name.
std::optional<pid_t> writer_of(const std::filesystem::path& file, const std::filesystem::path& target) {
  const auto name = file.filename().string();
  const auto start = target.filename().string() + ".";
  std::string_view number = name;
  if (number.substr(0, start.size()) != start) return std::nullopt;
  number.remove_prefix(start.size());
  if (number.size() < k_beside.size() || number.substr(number.size() - k_beside.size()) != k_beside)
    return std::nullopt;
  number.remove_suffix(k_beside.size());
  pid_t writer = 0;
  const auto read = std::from_chars(number.data(), number.data() + number.size(), writer);
  const bool is_one = read.ec == std::errc() && read.ptr == number.data() + number.size() && writer > 0;
  return is_one ? std::optional(writer) : std::nullopt;
}

/// What a process that was killed meanwhile left beside the target: beside a token, one that is still good.
void remove_leftovers(const std::filesystem::path& target) {
  const auto folder = target.has_parent_path() ? target.parent_path() : std::filesystem::path(".");
  std::error_code trouble;
  for (std::filesystem::directory_iterator file(folder, trouble), end; !trouble && file != end;
       file.increment(trouble)) {
    const auto writer = writer_of(file->path(), target);
    if (writer && ::kill(*writer, 0) != 0 && errno == ESRCH) ::unlink(file->path().c_str());
  }
}

}  // namespace

FilePieces::FilePieces(std::filesystem::path path, int fd, std::size_t max_bytes, std::size_t piece)
    : path_(std::move(path)), fd_(fd), max_bytes_(max_bytes), piece_(piece, '\0') {}

FilePieces::FilePieces(FilePieces&& other) noexcept
    : path_(std::move(other.path_)),
      fd_(std::exchange(other.fd_, -1)),
      max_bytes_(other.max_bytes_),
      read_(other.read_),
      piece_(std::move(other.piece_)) {}

FilePieces::~FilePieces() {
  if (fd_ >= 0) ::close(fd_);
}

Expected<FilePieces, FileTrouble> FilePieces::open(const std::filesystem::path& path, std::size_t max_bytes,
                                                   ReadableBy readable, std::size_t piece) {
  FilePieces file(path, ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK), max_bytes, piece);
  if (file.fd_ < 0) return failure(trouble(path, errno));
  struct stat info {};
  if (::fstat(file.fd_, &info) != 0) return failure(trouble(path, errno));
  if (!S_ISREG(info.st_mode)) {
    return failure(
        FileTrouble{FileTroubleKind::not_a_file, fmt::format("{}: not a regular file", path.string())});
  }
  if (readable == ReadableBy::owner_and_group && (info.st_mode & S_IROTH) != 0) {
    return failure(FileTrouble{FileTroubleKind::other,
                               fmt::format("{}: everybody on this machine can read it; `chmod o= {}`",
                                           path.string(), path.string())});
  }
  return file;
}

Expected<std::string_view, FileTrouble> FilePieces::next() {
  while (true) {
    const auto got = ::read(fd_, piece_.data(), piece_.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failure(trouble(path_, errno));
    read_ += static_cast<std::size_t>(got);
    if (read_ > max_bytes_) {
      return failure(FileTrouble{FileTroubleKind::too_large,
                                 fmt::format("{}: larger than {} bytes", path_.string(), max_bytes_)});
    }
    return std::string_view(piece_).substr(0, static_cast<std::size_t>(got));
  }
}

Expected<std::string, FileTrouble> read_file(const std::filesystem::path& path, std::size_t max_bytes,
                                             ReadableBy readable) {
  auto file = FilePieces::open(path, max_bytes, readable);
  if (!file) return failure(std::move(file.error()));
  std::string content;
  while (true) {
    const auto piece = file->next();
    if (!piece) return failure(piece.error());
    if (piece->empty()) return content;
    content += *piece;
  }
}

bool everybody_can_read(const std::filesystem::path& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && (info.st_mode & S_IROTH) != 0;
}

std::optional<UtcTime> written_at(const std::filesystem::path& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
  return UtcTime(seconds(info.st_mtim.tv_sec) + milliseconds(info.st_mtim.tv_nsec / 1'000'000));
}

void make_parent_folder(const std::filesystem::path& file) {
  const auto folder = file.parent_path();
  if (folder.empty()) return;
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    throw MachineTrouble(fmt::format("cannot create the folder {}: {}", folder.string(), error.message()));
}

void sync_folder(const std::filesystem::path& folder) {
  const auto path = folder.empty() ? std::filesystem::path(".") : folder;
  const Descriptor handle(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!handle.open()) give_up(path, errno);
  // Some network file systems refuse to sync a folder; what can be had there has been had.
  if (::fsync(handle.get()) != 0 && errno != EINVAL) give_up(path, errno);
}

void replace_file(const std::filesystem::path& target, Readers readers,
                  const std::function<void(const Sink&)>& fill) {
  make_parent_folder(target);
  remove_leftovers(target);
  const auto gathered = beside(target, ::getpid());
  ::unlink(gathered.c_str());
  Descriptor file(
      ::open(gathered.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode_for(readers)));
  if (!file.open()) give_up(target, errno);
  try {
    BufferedWriter writer(file.get(), target);
    fill([&](std::string_view piece) { writer.add(piece); });
    writer.flush();
    if (::fsync(file.get()) != 0) give_up(target, errno);
    if (!file.close()) give_up(target, errno);
    if (::rename(gathered.c_str(), target.c_str()) != 0) give_up(target, errno);
  } catch (...) {
    ::unlink(gathered.c_str());
    throw;
  }
  sync_folder(target.parent_path());
}

}  // namespace offboard
