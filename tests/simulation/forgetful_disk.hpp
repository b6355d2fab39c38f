#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace offboard::test {

/// What becomes of the writes that were not synced when the power goes.
enum class Loss {
  nothing,    // the process died, the machine did not
  all,        // none had reached the disk
  by_chance,  // each may have, whole or torn at a sector, in any order
};

enum class DiskCall { open, read, write, truncate, sync, remove };

/// The n-th call of a kind fails.
struct DiskFailure {
  DiskCall call = DiskCall::write;
  std::uint64_t nth = 1;  // counted from when the failure was planned
  int code = 0;           // SQLite's own, such as SQLITE_IOERR_WRITE
  bool lasts = false;     // so do all later ones, instead of this one only
};

/// A disk that keeps only what was synced, and fails when told to: a SQLite VFS. While a file is open it is
/// held in memory, where a night costs a fraction of what it does in files; as long as nobody has it open it
/// is a real one. What a power cut takes away is taken back out of it then. Only SQLite's files are affected.
/// One per process, one thread.
class ForgetfulDisk {
 public:
  /// Every database that is opened from the first call on stands on it. Whatever it knew and was told before
  /// is forgotten.
  static ForgetfulDisk& afresh();

  /// Calls that change something: writes, truncations, syncs and removals, since forget_plans().
  [[nodiscard]] std::uint64_t changes() const { return changes_; }
  /// Calls of one kind since forget_plans().
  [[nodiscard]] std::uint64_t calls(DiskCall call) const;

  /// The power goes instead of the n-th change from now (1: the next). From then on every call fails and
  /// changes nothing, until restore_power().
  void cut_power_at(std::uint64_t change) { cut_at_ = changes_ + change; }
  void cut_power() { dark_ = true; }
  [[nodiscard]] bool is_dark() const { return dark_; }
  /// All databases must have been closed. Takes back what is lost.
  void restore_power(Loss loss, std::uint64_t seed);

  void plan(DiskFailure failure);
  /// Whether a planned failure has happened.
  [[nodiscard]] bool has_failed() const { return has_failed_; }
  void forget_plans();

 private:
  // forgetful_disk.cpp
  friend struct VfsCalls;
  friend struct OpenFile;

  /// One change that was not synced, with what it takes to undo it.
  struct Pending {
    std::int64_t offset = 0;
    std::string before;
    std::string after;  // of a truncation: nothing, and the file ends at `offset`
    std::int64_t size_before = 0;
    bool is_truncation = false;
  };
  struct Record {
    std::vector<Pending> pending;
    bool is_new = false;  // created and not synced yet
  };

  /// On a part of the write-ahead log's index.
  struct Lock {
    int shared = 0;
    bool is_owned = false;
  };
  struct File {
    std::string path;  // empty: a temporary file, of no interest
    std::string content;
    bool has_changed = false;  // since it was opened
    int openings = 0;
    std::vector<std::unique_ptr<char[]>> shared;  // regions of the write-ahead log's index
    std::array<Lock, 8> locks{};
  };

  ForgetfulDisk() = default;
  [[nodiscard]] std::optional<int> trouble_with(DiskCall call);
  void take_back(const std::string& path, Record& record, Loss loss, std::uint64_t seed) const;

  std::map<std::string, Record> records_;
  std::multimap<std::string, File> open_;       // temporary ones have no name
  std::map<std::string, std::string> removed_;  // content of files whose removal was not synced
  std::map<DiskCall, std::uint64_t> calls_;
  std::optional<DiskFailure> failure_;
  std::uint64_t changes_ = 0;
  std::optional<std::uint64_t> cut_at_;
  bool dark_ = false;
  bool has_failed_ = false;
  bool cannot_store_ = false;
};

}  // namespace offboard::test
