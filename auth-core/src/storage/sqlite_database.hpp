#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include <sqlite3.h>

#include "oidc/result.hpp"

namespace authcore {

/// A prepared statement with its parameters; finalizes itself. The first failure is kept and reported by `step`.
class SqliteStatement {
 public:
  SqliteStatement(sqlite3* database, const char* sql);

  /// Parameters from left to right. `text` must live until the last `step`.
  SqliteStatement& bind(std::string_view text);
  SqliteStatement& bind(std::int64_t number);

  /// SQLITE_ROW, SQLITE_DONE, or the code of what failed.
  int step();

  std::string text(int column) const;
  std::int64_t number(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
  };
  SqliteStatement& keep(int code);

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int code_ = SQLITE_OK;
  int bound_ = 0;
};

/// One connection to a database that holds our table. Not thread-safe.
class SqliteDatabase {
 public:
  /// Opens the file, which must be there, and makes the table if it is missing. Errors: as `error`.
  static oidc::Result<std::unique_ptr<SqliteDatabase>> open(const std::filesystem::path& path);

  SqliteStatement prepare(const char* sql) { return {handle_.get(), sql}; }
  /// Rows that the last statement changed.
  int changes() const { return sqlite3_changes(handle_.get()); }

  /// Moves the write-ahead log, in which old content stands too, into the database, and empties it, unless others
  /// who use the database prevent that.
  void empty_log();

  /// False once the file was removed or replaced.
  bool is_still_at(const std::filesystem::path& path) const;

  /// What an SQLite result code means, naming the file: `kCorruptStorage`, `kLocked` or `kStorage`.
  oidc::Error error(int code) const;

 private:
  struct Close {
    void operator()(sqlite3* handle) const noexcept { sqlite3_close(handle); }
  };
  explicit SqliteDatabase(std::filesystem::path path) : path_{std::move(path)} {}
  int set_up();
  /// SQLITE_OK, or the code of the first statement that failed.
  int run(const char* sql);

  std::filesystem::path path_;
  std::unique_ptr<sqlite3, Close> handle_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

/// Makes an empty 0600 file at `path` if there is none, and takes other people's rights to it and to the files beside
/// it that SQLite uses, if they are ours. Errors: `kStorage`, also for a link, and for a file that isn't of those
/// `owners`: root's only if nobody else can write it.
oidc::Status make_private_database_file(const std::filesystem::path& path, FileOwners owners);

}  // namespace authcore
