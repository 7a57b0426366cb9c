#include "storage/sqlite_database.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "storage/posix_file.hpp"

namespace authcore {

namespace fs = std::filesystem;

namespace {

/// How long SQLite itself tries again when another connection writes, which takes milliseconds.
constexpr int kBusyTimeoutMs = 3000;
/// SQLite does not try again what could be a deadlock: of two that turn a new database to WAL at once, one is told at
/// once that it is busy. Each further try comes after SQLite waited for the other's end.
constexpr int kSetUpTries = 100;

/// AUTOINCREMENT never gives a number twice, so that each save is a version of its own.
constexpr const char* kSetUp =
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA secure_delete = ON;"
    "CREATE TABLE IF NOT EXISTS authcore_objects ("
    " serial INTEGER PRIMARY KEY AUTOINCREMENT,"
    " key TEXT NOT NULL UNIQUE,"
    " object TEXT NOT NULL,"
    " modified_ns INTEGER NOT NULL)";

bool is_busy(int code) {
  const int primary = code & 0xFF;
  return primary == SQLITE_BUSY || primary == SQLITE_LOCKED;
}

}  // namespace

SqliteStatement::SqliteStatement(sqlite3* database, const char* sql) {
  sqlite3_stmt* statement = nullptr;
  code_ = sqlite3_prepare_v2(database, sql, -1, &statement, nullptr);
  statement_.reset(statement);
}

SqliteStatement& SqliteStatement::keep(int code) {
  if (code_ == SQLITE_OK) {
    code_ = code;
  }
  return *this;
}

SqliteStatement& SqliteStatement::bind(std::string_view text) {
  return keep(sqlite3_bind_text64(statement_.get(), ++bound_, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

SqliteStatement& SqliteStatement::bind(std::int64_t number) {
  return keep(sqlite3_bind_int64(statement_.get(), ++bound_, number));
}

int SqliteStatement::step() {
  return code_ == SQLITE_OK ? sqlite3_step(statement_.get()) : code_;
}

std::string SqliteStatement::text(int column) const {
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return bytes == nullptr ? std::string{} : std::string{static_cast<const char*>(bytes), size};
}

std::int64_t SqliteStatement::number(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

oidc::Result<std::unique_ptr<SqliteDatabase>> SqliteDatabase::open(const fs::path& path) {
  std::unique_ptr<SqliteDatabase> database{new SqliteDatabase{path}};
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    return file_error("open", path, errno);
  }
  database->device_ = status.st_dev;
  database->inode_ = status.st_ino;

  sqlite3* handle = nullptr;
  int code = sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  database->handle_.reset(handle);  // also a failed open gives a handle to close
  if (code == SQLITE_OK) {
    code = database->set_up();
  }
  if (code != SQLITE_OK) {
    return database->error(code);
  }
  return database;
}

int SqliteDatabase::set_up() {
  sqlite3_busy_timeout(handle_.get(), kBusyTimeoutMs);
  int code = run(kSetUp);
  for (int tries = 1; tries < kSetUpTries && is_busy(code); ++tries) {
    if (const int waited = run("BEGIN EXCLUSIVE; COMMIT"); waited != SQLITE_OK) {
      return waited;
    }
    code = run(kSetUp);
  }
  return code;
}

int SqliteDatabase::run(const char* sql) {
  return sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
}

void SqliteDatabase::empty_log() {
  sqlite3_wal_checkpoint_v2(handle_.get(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
}

bool SqliteDatabase::is_still_at(const fs::path& path) const {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && status.st_dev == device_ && status.st_ino == inode_;
}

oidc::Error SqliteDatabase::error(int code) const {
  const std::string where = "the database " + path_.string();
  switch (code & 0xFF) {  // the primary code
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
    case SQLITE_ERROR:     // no such column: a table that isn't ours
    case SQLITE_MISMATCH:  // the same, of a type
      return {oidc::Errc::kCorruptStorage, where + " does not hold what it should"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {oidc::Errc::kLocked, where + " is kept busy by somebody else"};
    default:
      return {oidc::Errc::kStorage, where + " cannot be used: " + sqlite3_errstr(code)};
  }
}

oidc::Status make_private_database_file(const fs::path& path, FileOwners owners) {
  // Not by open and close: closing any descriptor of a file gives up the locks that SQLite, elsewhere in this
  // process, may have on it (fcntl(2)).
  if (::mknod(path.c_str(), S_IFREG | 0600, 0) != 0 && errno != EEXIST) {
    return file_error("create", path, errno);
  }
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    const std::string file = path.string() + suffix;
    struct stat status {};
    constexpr mode_t kOwner = S_IRUSR | S_IWUSR;
    if (::lstat(file.c_str(), &status) != 0) {
      continue;
    }
    if (S_ISLNK(status.st_mode)) {  // SQLite would write through it
      return oidc::Error{oidc::Errc::kStorage, file + " is a link"};
    }
    const bool is_ours = status.st_uid == ::geteuid();
    if (const auto kept = check_private(file, status); owners == FileOwners::kUs && !is_ours && !kept) {
      return kept.error();
    }
    if (S_ISREG(status.st_mode) && is_ours && (status.st_mode & 0777U) != kOwner &&
        ::fchmodat(AT_FDCWD, file.c_str(), kOwner, AT_SYMLINK_NOFOLLOW) != 0) {
      return file_error("make private", file, errno);
    }
  }
  return oidc::Done{};
}

}  // namespace authcore
