#include "ledger/database.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

#include "base/defect.hpp"
#include "base/file.hpp"

namespace offboard {
namespace {

constexpr int k_busy_timeout_ms = 10'000;
/// No locks around every call: a ledger has one thread.
constexpr int k_one_thread = SQLITE_OPEN_NOMUTEX;
/// Pages that change at every commit stay in memory; a long import sorts this much at a time.
constexpr int k_cache_kib = 8 * 1024;
constexpr int k_log_bytes = 32 * 1024 * 1024;

int newest_version() {
  return all_migrations().back().version;
}

/// What the first bytes of the file say, read without SQLite: opening a stranger's database with it could
/// already change it. Offsets: the SQLite file format, section 1.3.
struct FileHeader {
  bool is_sqlite = false;
  int user_version = 0;
  int application_id = 0;
};

FileHeader read_header(const std::filesystem::path& file) {
  std::array<char, 100> bytes{};
  std::ifstream in(file, std::ios::binary);
  in.read(bytes.data(), bytes.size());
  const auto number_at = [&](std::size_t offset) {
    int value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = (value << 8) | static_cast<unsigned char>(bytes[offset + i]);
    return value;
  };
  FileHeader header;
  header.is_sqlite = in.gcount() == static_cast<std::streamsize>(bytes.size()) &&
                     std::memcmp(bytes.data(), "SQLite format 3", 16) == 0;
  header.user_version = number_at(60);
  header.application_id = number_at(68);
  return header;
}

[[noreturn]] void refuse_later_version(const std::filesystem::path& file, int version) {
  throw MachineTrouble(
      fmt::format("{} was written by a later version of offboard (schema {}, this one knows {}); "
                  "nothing was changed. Use the later version, or another ledger.",
                  file.string(), version, newest_version()));
}

void refuse_strangers(const std::filesystem::path& file) {
  if (::access(file.c_str(), R_OK) != 0) {
    throw MachineTrouble(
        fmt::format("cannot read the ledger {}: {}", file.string(), std::system_category().message(errno)));
  }
  const auto header = read_header(file);
  if (!header.is_sqlite || header.application_id != k_application_id) {
    throw MachineTrouble(
        fmt::format("{} is not a ledger of offboard; nothing was changed. Give the job another ledger, or "
                    "move the file away.",
                    file.string()));
  }
  if (header.user_version > newest_version()) refuse_later_version(file, header.user_version);
}

int pragma(SQLite::Database& database, const char* name) {
  return database.execAndGet(fmt::format("pragma {}", name)).getInt();
}

/// What the ledger lacks, and its version number, in one transaction: a cut between the two would run a
/// migration twice.
void migrate(SQLite::Database& database) {
  const int version = pragma(database, "user_version");
  if (version == newest_version()) return;
  // A table that is made anew must not take the rows that refer to it along.
  database.exec("pragma foreign_keys = off");
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  for (const auto& migration : all_migrations()) {
    if (migration.version > version) database.exec(std::string(migration.sql));
  }
  database.exec(fmt::format("pragma user_version = {}", newest_version()));
  transaction.commit();
  database.exec("pragma foreign_keys = on");
}

void make_empty_private_file(const std::filesystem::path& file) {
  for (const auto* suffix : {"", "-journal", "-wal", "-shm"}) ::unlink((file.string() + suffix).c_str());
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) {
    throw MachineTrouble(
        fmt::format("cannot create the ledger {}: {}", file.string(), std::system_category().message(errno)));
  }
  ::close(fd);
}

/// What SQLite keeps beside a database may hold the only record of an intent. A new ledger in the old one's
/// place would be mixed with it.
void refuse_leftovers(const std::filesystem::path& file) {
  for (const auto* suffix : {"-wal", "-journal"}) {
    const auto leftover = file.string() + suffix;
    // An empty one is what a reader leaves behind.
    std::error_code none;
    if (const auto size = std::filesystem::file_size(leftover, none); none || size == 0) continue;
    throw MachineTrouble(
        fmt::format("the ledger {} is missing, but {} is still here; restore the ledger, or move that "
                    "file away if the ledger is really gone",
                    file.string(), leftover));
  }
}

void use_write_ahead_log(SQLite::Database& database) {
  SQLite::Statement change(database, "pragma journal_mode = wal");
  change.executeStep();
  const auto mode = change.getColumn(0).getString();
  // The change is committed only by the step after the row.
  change.executeStep();
  if (mode == "wal") return;
  throw MachineTrouble(
      fmt::format("{}: this file system cannot hold a ledger (no shared memory for SQLite's write-ahead "
                  "log); put the ledger "
                  "on a local disk",
                  database.getFilename()));
}

/// Complete before it gets its name: a ledger is never met half made, nor in any other journal mode, whose
/// deleted journals may come back after a power cut and undo what was committed.
void create(const std::filesystem::path& file) {
  refuse_leftovers(file);
  make_parent_folder(file);
  const auto beside = file.string() + ".new";
  make_empty_private_file(beside);
  {
    SQLite::Database database(beside, SQLite::OPEN_READWRITE);
    database.exec("pragma synchronous = full");
    database.exec(fmt::format("pragma application_id = {}", k_application_id));
    migrate(database);
    use_write_ahead_log(database);
  }
  if (::rename(beside.c_str(), file.c_str()) != 0) {
    throw MachineTrouble(
        fmt::format("cannot create the ledger {}: {}", file.string(), std::system_category().message(errno)));
  }
  sync_folder(file.parent_path());
}

void tune_writer(SQLite::Database& database) {
  use_write_ahead_log(database);
  // In WAL mode anything less may lose the last commits in a power cut, and with them an intent already acted
  // on.
  database.exec("pragma synchronous = full");
  database.exec("pragma foreign_keys = on");
  database.exec("pragma trusted_schema = off");
  database.exec(fmt::format("pragma cache_size = -{}", k_cache_kib));
  // One import of a long list leaves a log as large as the ledger; it need not stay that large.
  database.exec(fmt::format("pragma journal_size_limit = {}", k_log_bytes));
}

}  // namespace

std::string database_message(const std::filesystem::path& file, const std::exception& error) {
  std::string advice = "Run the job again when that is mended; what is recorded stays.";
  if (const auto* sqlite = dynamic_cast<const SQLite::Exception*>(&error)) {
    switch (sqlite->getErrorCode()) {
      case SQLITE_BUSY:
      case SQLITE_LOCKED:
        advice = "Another program has it open for writing; close that and run the job again.";
        break;
      case SQLITE_FULL:
        advice = "Make room on the disk and run the job again; what is recorded stays.";
        break;
      case SQLITE_CORRUPT:
      case SQLITE_NOTADB:
        advice = "The file is damaged; restore it from a backup before the next run.";
        break;
      default: break;
    }
  }
  return fmt::format("the ledger {}: {}. {}", file.string(), error.what(), advice);
}

std::unique_ptr<SQLite::Database> open_for_writing(const std::filesystem::path& file) try {
  if (std::filesystem::exists(file)) {
    refuse_strangers(file);
  } else {
    create(file);
  }
  // Side files inherit the mode of the ledger.
  ::chmod(file.c_str(), 0600);
  auto database = std::make_unique<SQLite::Database>(file.string(), SQLite::OPEN_READWRITE | k_one_thread,
                                                     k_busy_timeout_ms);
  if (const int version = pragma(*database, "user_version"); version > newest_version()) {
    refuse_later_version(file, version);
  }
  tune_writer(*database);
  migrate(*database);
  return database;
} catch (const SQLite::Exception& error) {
  throw MachineTrouble(database_message(file, error));
}

std::unique_ptr<SQLite::Database> open_for_reading(const std::filesystem::path& file) try {
  refuse_strangers(file);
  auto database = std::make_unique<SQLite::Database>(file.string(), SQLite::OPEN_READONLY | k_one_thread,
                                                     k_busy_timeout_ms);
  if (const int version = pragma(*database, "user_version"); version != newest_version()) {
    if (version > newest_version()) refuse_later_version(file, version);
    throw MachineTrouble(fmt::format(
        "{} is of an earlier version; the next check or run brings it up to date", file.string()));
  }
  return database;
} catch (const SQLite::Exception& error) {
  throw MachineTrouble(database_message(file, error));
}

}  // namespace offboard
