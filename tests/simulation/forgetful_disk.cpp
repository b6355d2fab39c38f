#include "forgetful_disk.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <stdexcept>

#include "quick_memory.hpp"
#include "temp_folder.hpp"

namespace offboard::test {
namespace {

constexpr std::size_t k_sector = 512;

bool is_change(DiskCall call) {
  return call == DiskCall::write || call == DiskCall::truncate || call == DiskCall::sync ||
         call == DiskCall::remove;
}

sqlite3_vfs* system_vfs() {
  static sqlite3_vfs* vfs = [] {
#ifndef OFFBOARD_SANITIZED
    let_sqlite_keep_its_memory();
#endif
    return sqlite3_vfs_find(nullptr);
  }();
  return vfs;
}

/// A file that is being mended while nobody has it open.
class MendedFile {
 public:
  explicit MendedFile(const std::string& path) : fd_(::open(path.c_str(), O_RDWR | O_CLOEXEC)) {}
  MendedFile(const MendedFile&) = delete;
  MendedFile& operator=(const MendedFile&) = delete;
  ~MendedFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] bool exists() const { return fd_ >= 0; }
  void write(const std::string& bytes, std::int64_t offset) const {
    if (::pwrite(fd_, bytes.data(), bytes.size(), offset) != static_cast<ssize_t>(bytes.size()))
      throw std::runtime_error("cannot mend a file");
  }
  void resize(std::int64_t size) const {
    if (::ftruncate(fd_, size) != 0) throw std::runtime_error("cannot mend a file");
  }

 private:
  int fd_;
};

}  // namespace

/// What SQLite calls a file: one of those who have it open.
struct OpenFile {
  sqlite3_file base;
  ForgetfulDisk* disk;
  ForgetfulDisk::File* file;
  bool is_read_only;
  unsigned shares, owns;  // of the locks on the write-ahead log's index, one bit each
};

/// What SQLite calls. Nothing here throws but for want of memory: there is C in between.
struct VfsCalls {
  static OpenFile& ours(sqlite3_file* file) { return *reinterpret_cast<OpenFile*>(file); }
  static ForgetfulDisk& disk_of(sqlite3_vfs* vfs) { return *static_cast<ForgetfulDisk*>(vfs->pAppData); }

  /// `after`: what will stand at `offset`; nothing: the file will end there.
  static void change(sqlite3_file* of, std::int64_t offset, std::optional<std::string> after) {
    auto& file = *ours(of).file;
    const auto at = static_cast<std::size_t>(offset);
    const auto size = file.content.size();
    auto before = at < size ? file.content.substr(at, after ? after->size() : size) : "";
    file.content.resize(after ? std::max(size, at + after->size()) : at);
    if (after) file.content.replace(at, after->size(), *after);
    file.has_changed = true;
    if (file.path.empty()) return;
    const bool is_truncation = !after;
    ours(of).disk->records_[file.path].pending.push_back({offset, std::move(before),
                                                          std::move(after).value_or(""),
                                                          static_cast<std::int64_t>(size), is_truncation});
  }

  static int close(sqlite3_file* of) {
    auto& file = *ours(of).file;
    if (--file.openings > 0) return SQLITE_OK;
    if (file.has_changed && !file.path.empty() &&
        !(std::ofstream(file.path, std::ios::binary) << file.content).flush())
      ours(of).disk->cannot_store_ = true;
    auto& open = ours(of).disk->open_;
    open.erase(
        std::find_if(open.begin(), open.end(), [&](const auto& entry) { return &entry.second == &file; }));
    return SQLITE_OK;
  }
  static int read(sqlite3_file* of, void* into, int amount, sqlite3_int64 offset) {
    if (const auto code = ours(of).disk->trouble_with(DiskCall::read)) return *code;
    const auto& content = ours(of).file->content;
    auto* bytes = static_cast<char*>(into);
    const auto length = static_cast<std::size_t>(amount);
    const auto read = content.copy(bytes, length, std::min(static_cast<std::size_t>(offset), content.size()));
    std::fill(bytes + read, bytes + length, '\0');
    return read == length ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
  }
  static int write(sqlite3_file* of, const void* from, int amount, sqlite3_int64 offset) {
    const auto code = ours(of).disk->trouble_with(DiskCall::write);
    // A full disk takes what still fits.
    if (code) amount = *code == SQLITE_FULL && !ours(of).disk->dark_ ? amount / 2 : 0;
    if (amount > 0)
      change(of, offset, std::string(static_cast<const char*>(from), static_cast<std::size_t>(amount)));
    return code.value_or(SQLITE_OK);
  }
  static int truncate(sqlite3_file* of, sqlite3_int64 to) {
    if (const auto code = ours(of).disk->trouble_with(DiskCall::truncate)) return *code;
    change(of, to, std::nullopt);
    return SQLITE_OK;
  }
  static int sync(sqlite3_file* of, int /*flags*/) {
    if (const auto code = ours(of).disk->trouble_with(DiskCall::sync)) return *code;
    ours(of).disk->records_.erase(ours(of).file->path);
    return SQLITE_OK;
  }
  static int file_size(sqlite3_file* of, sqlite3_int64* size) {
    *size = static_cast<sqlite3_int64>(ours(of).file->content.size());
    return SQLITE_OK;
  }

  /// Who may only read never gets more, and so leaves a write-ahead log where it is. In this journal mode the
  /// whole file is only ever asked for by the last one to close it.
  static int lock(sqlite3_file* of, int level) {
    if (level <= SQLITE_LOCK_SHARED) return SQLITE_OK;
    if (ours(of).is_read_only) return SQLITE_IOERR_LOCK;
    return level == SQLITE_LOCK_EXCLUSIVE && ours(of).file->openings > 1 ? SQLITE_BUSY : SQLITE_OK;
  }
  static int unlock(sqlite3_file* /*of*/, int /*level*/) { return SQLITE_OK; }
  static int check_reserved(sqlite3_file* /*of*/, int* result) {
    *result = 0;
    return SQLITE_OK;
  }
  static int control(sqlite3_file* /*of*/, int /*operation*/, void* /*argument*/) { return SQLITE_NOTFOUND; }
  // As the system says of a disk.
  static int sector_size(sqlite3_file* /*of*/) { return 4096; }
  static int characteristics(sqlite3_file* /*of*/) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

  static int shm_map(sqlite3_file* of, int region, int size, int extend, void volatile** memory) {
    auto& shared = ours(of).file->shared;
    const auto number = static_cast<std::size_t>(region);
    *memory = nullptr;
    if (number >= shared.size() && extend == 0) return SQLITE_OK;
    while (number >= shared.size())
      shared.push_back(std::make_unique<char[]>(static_cast<std::size_t>(size)));
    *memory = shared[number].get();
    return SQLITE_OK;
  }
  static int shm_lock(sqlite3_file* of, int first, int count, int flags) {
    for (int number = first; number < first + count; ++number) {
      auto& lock = ours(of).file->locks.at(static_cast<std::size_t>(number));
      const unsigned bit = 1U << number;
      if ((flags & SQLITE_SHM_LOCK) == 0) {
        lock.shared -= (ours(of).shares & bit) != 0 ? 1 : 0;
        if ((ours(of).owns & bit) != 0) lock.is_owned = false;
        ours(of).shares &= ~bit;
        ours(of).owns &= ~bit;
      } else if ((flags & SQLITE_SHM_SHARED) != 0) {
        if (lock.is_owned) return SQLITE_BUSY;
        lock.shared += (ours(of).shares & bit) == 0 ? 1 : 0;
        ours(of).shares |= bit;
      } else if (lock.is_owned || lock.shared > 0) {
        return SQLITE_BUSY;
      }
    }
    if (flags == (SQLITE_SHM_LOCK | SQLITE_SHM_EXCLUSIVE)) own(of, first, count);
    return SQLITE_OK;
  }
  static void own(sqlite3_file* of, int first, int count) {
    for (int number = first; number < first + count; ++number) {
      ours(of).file->locks.at(static_cast<std::size_t>(number)).is_owned = true;
      ours(of).owns |= 1U << number;
    }
  }
  static void shm_barrier(sqlite3_file* /*of*/) {}
  static int shm_unmap(sqlite3_file* of, int /*remove*/) {
    if (ours(of).file->openings == 1) ours(of).file->shared.clear();
    return SQLITE_OK;
  }

  static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* of, int flags, int* flags_out) {
    auto& disk = disk_of(vfs);
    of->pMethods = nullptr;
    if (disk.trouble_with(DiskCall::open)) return SQLITE_CANTOPEN;
    const std::string path = name == nullptr ? "" : name;
    const bool is_new = !path.empty() && disk.open_.count(path) == 0 && ::access(name, F_OK) != 0;
    if (is_new && (flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
    if (is_new) {
      if (!std::ofstream(path, std::ios::binary)) return SQLITE_CANTOPEN;
      disk.records_[path].is_new = true;
      disk.removed_.erase(path);
    }
    const auto known = path.empty() ? disk.open_.end() : disk.open_.find(path);
    auto& file =
        known != disk.open_.end() ? known->second : disk.open_.emplace(path, ForgetfulDisk::File{})->second;
    if (file.openings++ == 0 && !path.empty()) {
      file.path = path;
      file.content = content_of(path);
    }
    ours(of) = {ours(of).base, &disk, &file, (flags & SQLITE_OPEN_READONLY) != 0, 0, 0};
    if (flags_out != nullptr) *flags_out = flags;
    of->pMethods = methods();
    return SQLITE_OK;
  }
  static int remove(sqlite3_vfs* vfs, const char* name, int sync_folder) {
    auto& disk = disk_of(vfs);
    if (disk.trouble_with(DiskCall::remove)) return SQLITE_IOERR_DELETE;
    disk.records_.erase(name);
    if (sync_folder == 0) disk.removed_[name] = content_of(name);
    return system_vfs()->xDelete(system_vfs(), name, 0);
  }
  static int access(sqlite3_vfs* vfs, const char* name, int question, int* answer) {
    const auto found = disk_of(vfs).open_.find(name);
    if (found == disk_of(vfs).open_.end()) return system_vfs()->xAccess(system_vfs(), name, question, answer);
    // An empty file is as good as none, to SQLite.
    *answer = question == SQLITE_ACCESS_EXISTS && found->second.content.empty() ? 0 : 1;
    return SQLITE_OK;
  }
  static int full_path(sqlite3_vfs* /*vfs*/, const char* name, int size, char* path) {
    std::error_code trouble;
    const auto absolute = std::filesystem::absolute(name, trouble).string();
    if (trouble || absolute.size() >= static_cast<std::size_t>(size)) return SQLITE_CANTOPEN;
    *std::copy(absolute.begin(), absolute.end(), path) = '\0';
    return SQLITE_OK;
  }

  static const sqlite3_io_methods* methods() {
    static const sqlite3_io_methods table = {
        2,         close,          read,    write,       truncate,        sync,    file_size, lock,
        unlock,    check_reserved, control, sector_size, characteristics, shm_map, shm_lock,  shm_barrier,
        shm_unmap, nullptr,        nullptr};
    return &table;
  }
};

ForgetfulDisk& ForgetfulDisk::afresh() {
  static ForgetfulDisk disk;
  static sqlite3_vfs vfs = [] {
    auto copy = *system_vfs();
    copy.iVersion = 2;  // no system call overrides
    copy.szOsFile = static_cast<int>(sizeof(OpenFile));
    copy.pNext = nullptr;
    copy.zName = "forgetful";
    copy.pAppData = &disk;
    copy.xOpen = VfsCalls::open;
    copy.xDelete = VfsCalls::remove;
    copy.xAccess = VfsCalls::access;
    copy.xFullPathname = VfsCalls::full_path;
    return copy;
  }();
  static const int registered = sqlite3_vfs_register(&vfs, 1);
  if (registered != SQLITE_OK) throw std::runtime_error("the forgetful disk cannot be registered");
  disk.restore_power(Loss::nothing, 0);
  disk.forget_plans();
  return disk;
}

std::uint64_t ForgetfulDisk::calls(DiskCall call) const {
  const auto found = calls_.find(call);
  return found == calls_.end() ? 0 : found->second;
}

std::optional<int> ForgetfulDisk::trouble_with(DiskCall call) {
  const auto count = ++calls_[call];
  if (is_change(call) && !dark_ && ++changes_ == cut_at_) dark_ = true;
  if (dark_) return SQLITE_IOERR;
  if (!failure_ || failure_->call != call) return std::nullopt;
  if (count != failure_->nth && !(failure_->lasts && count > failure_->nth)) return std::nullopt;
  has_failed_ = true;
  return failure_->code;
}

void ForgetfulDisk::plan(DiskFailure failure) {
  failure.nth += calls(failure.call);
  failure_ = failure;
  has_failed_ = false;
}

void ForgetfulDisk::forget_plans() {
  failure_.reset();
  cut_at_.reset();
  calls_.clear();
  changes_ = 0;
  has_failed_ = false;
}

void ForgetfulDisk::restore_power(Loss loss, std::uint64_t seed) {
  if (!open_.empty()) throw std::logic_error("somebody still has " + open_.begin()->first + " open");
  if (cannot_store_) throw std::runtime_error("the real disk is full, or worse");
  for (auto& [path, record] : records_) take_back(path, record, loss, seed++);
  for (const auto& [path, content] : removed_) {
    const bool comes_back = loss == Loss::all || (loss == Loss::by_chance && ++seed % 2 == 0);
    if (comes_back && !std::filesystem::exists(path)) std::ofstream(path, std::ios::binary) << content;
  }
  records_.clear();
  removed_.clear();
  cut_at_.reset();
  dark_ = false;
}

void ForgetfulDisk::take_back(const std::string& path, Record& record, Loss loss, std::uint64_t seed) const {
  const MendedFile file(path);
  if (loss == Loss::nothing || !file.exists()) return;
  std::mt19937_64 engine(seed);
  const auto chance = [&] { return engine() % 2 == 0; };
  for (auto change = record.pending.rbegin(); change != record.pending.rend(); ++change) {
    file.write(change->before, change->offset);
    file.resize(change->size_before);
  }
  if (record.is_new && (loss == Loss::all || chance())) {
    std::filesystem::remove(path);
    return;
  }
  if (loss == Loss::all) return;
  for (auto& change : record.pending) {
    if (chance()) continue;
    if (change.is_truncation) {
      file.resize(change.offset);
      continue;
    }
    if (chance()) change.after.resize(engine() % (change.after.size() / k_sector + 1) * k_sector);
    file.write(change.after, change.offset);
  }
}

}  // namespace offboard::test
