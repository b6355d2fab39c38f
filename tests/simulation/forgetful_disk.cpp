#include "forgetful_disk.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <new>
#include <random>
#include <stdexcept>

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
    // Nobody asks how much memory SQLite has taken, and counting it costs time.
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
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

/// SQLite's view: a file of ours, followed in memory by the system's.
struct OpenFile {
  sqlite3_file base;
  ForgetfulDisk* disk;
  std::string* path;  // null: a temporary file without a name, of no interest
};

/// What SQLite calls. Nothing here throws: there is C in between.
struct VfsCalls {
  static OpenFile& ours(sqlite3_file* file) { return *reinterpret_cast<OpenFile*>(file); }
  static sqlite3_file* real(sqlite3_file* file) {
    return reinterpret_cast<sqlite3_file*>(reinterpret_cast<OpenFile*>(file) + 1);
  }
  static std::int64_t size_of(sqlite3_file* file) {
    sqlite3_int64 size = 0;
    real(file)->pMethods->xFileSize(real(file), &size);
    return size;
  }
  /// What the file holds there now, as far as it reaches.
  static std::string bytes_at(sqlite3_file* file, std::int64_t offset, std::int64_t length,
                              std::int64_t size) {
    std::string bytes(static_cast<std::size_t>(std::clamp<std::int64_t>(size - offset, 0, length)), '\0');
    if (!bytes.empty())
      real(file)->pMethods->xRead(real(file), bytes.data(), static_cast<int>(bytes.size()), offset);
    return bytes;
  }
  static void remember(sqlite3_file* file, ForgetfulDisk::Pending pending) {
    const auto& ours_now = ours(file);
    if (ours_now.path != nullptr)
      ours_now.disk->records_[*ours_now.path].pending.push_back(std::move(pending));
  }

  static int close(sqlite3_file* file) {
    const int result = real(file)->pMethods->xClose(real(file));
    delete ours(file).path;
    return result;
  }
  static int read(sqlite3_file* file, void* into, int amount, sqlite3_int64 offset) {
    if (const auto code = ours(file).disk->trouble_with(DiskCall::read)) return *code;
    return real(file)->pMethods->xRead(real(file), into, amount, offset);
  }
  static int write(sqlite3_file* file, const void* from, int amount, sqlite3_int64 offset) {
    const auto code = ours(file).disk->trouble_with(DiskCall::write);
    // A full disk takes what still fits.
    if (code) amount = *code == SQLITE_FULL && !ours(file).disk->dark_ ? amount / 2 : 0;
    if (amount == 0) return code.value_or(SQLITE_OK);
    const auto size = size_of(file);
    remember(file,
             {offset, bytes_at(file, offset, amount, size),
              std::string(static_cast<const char*>(from), static_cast<std::size_t>(amount)), size, false});
    const int result = real(file)->pMethods->xWrite(real(file), from, amount, offset);
    return code.value_or(result);
  }
  static int truncate(sqlite3_file* file, sqlite3_int64 to) {
    if (const auto code = ours(file).disk->trouble_with(DiskCall::truncate)) return *code;
    const auto size = size_of(file);
    remember(file, {to, bytes_at(file, to, size, size), "", size, true});
    return real(file)->pMethods->xTruncate(real(file), to);
  }
  static int sync(sqlite3_file* file, int /*flags*/) {
    if (const auto code = ours(file).disk->trouble_with(DiskCall::sync)) return *code;
    if (ours(file).path != nullptr) ours(file).disk->records_.erase(*ours(file).path);
    return SQLITE_OK;
  }
  static int file_size(sqlite3_file* file, sqlite3_int64* size) {
    return real(file)->pMethods->xFileSize(real(file), size);
  }
  static int lock(sqlite3_file* file, int level) { return real(file)->pMethods->xLock(real(file), level); }
  static int unlock(sqlite3_file* file, int level) {
    return real(file)->pMethods->xUnlock(real(file), level);
  }
  static int check_reserved(sqlite3_file* file, int* result) {
    return real(file)->pMethods->xCheckReservedLock(real(file), result);
  }
  static int control(sqlite3_file* file, int operation, void* argument) {
    return real(file)->pMethods->xFileControl(real(file), operation, argument);
  }
  static int sector_size(sqlite3_file* file) { return real(file)->pMethods->xSectorSize(real(file)); }
  static int characteristics(sqlite3_file* file) {
    return real(file)->pMethods->xDeviceCharacteristics(real(file));
  }
  static int shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** memory) {
    return real(file)->pMethods->xShmMap(real(file), page, size, extend, memory);
  }
  static int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
    return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
  }
  static void shm_barrier(sqlite3_file* file) { real(file)->pMethods->xShmBarrier(real(file)); }
  static int shm_unmap(sqlite3_file* file, int remove) {
    return real(file)->pMethods->xShmUnmap(real(file), remove);
  }

  static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flags_out) {
    auto* disk = static_cast<ForgetfulDisk*>(vfs->pAppData);
    file->pMethods = nullptr;
    if (disk->trouble_with(DiskCall::open)) return SQLITE_CANTOPEN;
    const bool existed = name != nullptr && ::access(name, F_OK) == 0;
    const int result = system_vfs()->xOpen(system_vfs(), name, real(file), flags, flags_out);
    if (result != SQLITE_OK) return result;
    ours(file).disk = disk;
    ours(file).path = name == nullptr ? nullptr : new std::string(name);
    if (name != nullptr && !existed) {
      disk->records_[name].is_new = true;
      disk->removed_.erase(name);
    }
    file->pMethods = methods();
    return SQLITE_OK;
  }
  static int remove(sqlite3_vfs* vfs, const char* name, int sync_folder) {
    auto* disk = static_cast<ForgetfulDisk*>(vfs->pAppData);
    if (disk->trouble_with(DiskCall::remove)) return SQLITE_IOERR_DELETE;
    disk->records_.erase(name);
    if (sync_folder == 0) disk->removed_[name] = content_of(name);
    return system_vfs()->xDelete(system_vfs(), name, 0);
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
    copy.szOsFile += static_cast<int>(sizeof(OpenFile));
    copy.pNext = nullptr;
    copy.zName = "forgetful";
    copy.pAppData = &disk;
    copy.xOpen = VfsCalls::open;
    copy.xDelete = VfsCalls::remove;
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
