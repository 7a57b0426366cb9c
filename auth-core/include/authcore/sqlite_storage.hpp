#pragma once

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

#include "authcore/storage.hpp"

namespace authcore {

class LocalLocks;
class SqliteDatabase;

/// Keeps objects as rows of one SQLite database, for applications with many sessions.
///
/// A relative path lies under the home directory, as those of `FileStorage` do. The database is made by the first
/// save, with 0600 in directories of 0700, and so are the files that SQLite puts beside it; a database that is
/// there already becomes 0600. It is never deleted, also if it is corrupt (`kCorruptStorage`); if somebody else
/// deletes it, nothing is stored any more. Each save is one transaction that has reached the disk when it returns,
/// and a new version. What is removed is overwritten with zeros and leaves SQLite's log too, unless others keep that
/// in use; what is replaced may stand in that log for a while. Where another program keeps the database busy for
/// seconds: `kLocked`. Thread-safe, and safe against other processes; a forked child makes one of its own.
class SqliteStorage final : public ObjectStorageProvider {
 public:
  /// Larger objects are not stored.
  static constexpr std::size_t kMaxBytes = 1024 * 1024;

  /// Touches nothing. `clock` dates the versions and must outlive this object.
  SqliteStorage(std::filesystem::path database, oidc::Clock& clock, FileOwners owners = FileOwners::kUs);
  ~SqliteStorage() override;

  oidc::Result<oidc::Json> load(const std::string& key) override;
  oidc::Status save(const std::string& key, const oidc::Json& object) override;
  oidc::Result<bool> exists(const std::string& key) override;
  oidc::Result<ObjectVersion> version(const std::string& key) override;
  /// Replaces what is at `to`.
  oidc::Status rename(const std::string& from, const std::string& to) override;
  oidc::Status remove(const std::string& key) override;

  /// A flock(2) on "<database>.<hash of the key>.lock", as that of `FileStorage`: it ends with its holder.
  oidc::Result<std::unique_ptr<Lock>> lock(const std::string& key, oidc::Clock& clock, oidc::Duration timeout,
                                           std::stop_token stop) override;

  /// True once a lock could not be had across processes.
  bool lock_degraded() const { return lock_degraded_; }

 private:
  enum class IfAbsent { kLeaveIt, kMakeIt };
  oidc::Result<SqliteDatabase*> open(IfAbsent if_absent);  // requires mutex_
  oidc::Result<std::filesystem::path> target() const;

  std::filesystem::path path_;
  std::filesystem::path home_;
  oidc::Clock& clock_;
  FileOwners owners_;
  std::shared_ptr<LocalLocks> locks_;
  std::atomic<bool> lock_degraded_{false};
  std::mutex mutex_;
  std::unique_ptr<SqliteDatabase> database_;  // guarded by mutex_
};

}  // namespace authcore
