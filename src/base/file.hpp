#pragma once
#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/expected.hpp"
#include "base/time.hpp"

namespace offboard {

enum class FileTroubleKind { missing, not_a_file, no_permission, too_large, other };

struct FileTrouble {
  FileTroubleKind kind = FileTroubleKind::other;
  std::string message;  // names the file and the system's reason
};

/// Who else may be able to read a file that we read.
enum class ReadableBy {
  anybody,
  owner_and_group  // a secret: refused if every account of the machine can read it
};

/// A regular file of at most so many bytes, piece by piece.
class FilePieces {
 public:
  [[nodiscard]] static Expected<FilePieces, FileTrouble> open(const std::filesystem::path& path,
                                                              std::size_t max_bytes,
                                                              ReadableBy readable = ReadableBy::anybody,
                                                              std::size_t piece = 64UL * 1024);
  FilePieces(FilePieces&& other) noexcept;
  FilePieces& operator=(FilePieces&& other) = delete;
  ~FilePieces();

  /// Empty at the end. Valid until the next call.
  [[nodiscard]] Expected<std::string_view, FileTrouble> next();

 private:
  FilePieces(std::filesystem::path path, int fd, std::size_t max_bytes, std::size_t piece);

  std::filesystem::path path_;
  int fd_;
  std::size_t max_bytes_;
  std::size_t read_ = 0;
  std::string piece_;
};

/// The whole file, if it is a regular file of at most `max_bytes`.
[[nodiscard]] Expected<std::string, FileTrouble> read_file(const std::filesystem::path& path,
                                                           std::size_t max_bytes,
                                                           ReadableBy readable = ReadableBy::anybody);

/// Every account of the machine; false if there is no such file.
[[nodiscard]] bool everybody_can_read(const std::filesystem::path& path);

/// When the file was last written; nothing if there is none, or it cannot be looked at.
[[nodiscard]] std::optional<UtcTime> written_at(const std::filesystem::path& path);

/// Who may read a file that we write.
enum class Readers {
  owner_only,  // 0600: tokens
  by_umask     // 0666 less the umask: reports
};

/// Takes pieces of a file's content, in order.
using Sink = std::function<void(std::string_view)>;

/// Replaces a file at once: `fill` writes beside the target; the result is synced, renamed over the target,
/// and the folder synced, so that a reader or a power cut meets either the old file or the whole new one.
/// Creates missing parent folders, and removes what a process that was killed here left beside the target.
/// Throws MachineTrouble; then the old file is as it was.
void replace_file(const std::filesystem::path& target, Readers readers,
                  const std::function<void(const Sink&)>& fill);

/// Makes the folder a file will stand in. Throws MachineTrouble.
void make_parent_folder(const std::filesystem::path& file);

/// Makes a rename or a creation in this folder durable. Throws MachineTrouble.
void sync_folder(const std::filesystem::path& folder);

}  // namespace offboard
