#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace offboard {

/// Bytes that nobody needs once this process has ended. In memory while they are few, then in a temporary
/// file that never has a name (in TMPDIR, or else /var/tmp or /tmp). Throws MachineTrouble.
class ScratchFile {
 public:
  explicit ScratchFile(std::size_t bytes_in_memory) : in_memory_(bytes_in_memory) {}
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  ~ScratchFile();

  /// Where the next piece will begin.
  [[nodiscard]] std::uint64_t size() const { return written_ + gathered_.size(); }

  void append(std::string_view piece);

  /// So many bytes from there on; all of them must have been appended. Valid until the next call of anything.
  [[nodiscard]] std::string_view read(std::uint64_t from, std::size_t length);

 private:
  void write_out();

  std::size_t in_memory_;
  int fd_ = -1;
  std::uint64_t written_ = 0;  // to the file
  std::string gathered_;       // not yet
  std::string read_;           // what is around the last place that was read
  std::uint64_t read_from_ = 0;
};

}  // namespace offboard
