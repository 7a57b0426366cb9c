#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>

#include "authcore/storage.hpp"

namespace authcore {

class LocalLocks;
class Sops;

/// Keeps each object in a file of its own (STOR-003 … STOR-008, W-03, W-05, W-11).
///
/// A relative key lies under the home directory, an absolute one is used as it is. Files
/// are 0600 and replaced as a whole: a private temporary file beside the target, fsync,
/// rename, fsync of the directory. Missing directories are made with 0700. If the key is a
/// symbolic link of the user's, what it points to is replaced and the link stays. Errors name the path,
/// never the content. Thread-safe, and safe against other processes.
///
/// Objects under keys that end in ".sops.json" are encrypted (STOR-009, D-26, W-12): the program `sops` decrypts
/// the file and gets what is to be saved through its standard input, so that clear text is never on disk.
/// Its keys are its own business: the environment, or a `.sops.yaml` in the directory of the file or above it.
/// An object that is not what sops wrote is `kCorruptStorage`; no program or no key is `kStorage`.
class FileStorage final : public ObjectStorageProvider {
 public:
  /// Objects larger than this are `kCorruptStorage`.
  static constexpr std::size_t kMaxBytes = 1024 * 1024;

  /// Relative keys lie under `$HOME` as it is now; if it is unset they are `kStorage` errors.
  explicit FileStorage(FileOwners owners = FileOwners::kUs);
  /// `sops`: the program's path, or its name in PATH. It is run only for keys that need it, and waited for:
  /// for a minute at most, then it is killed, which is `kStorage`.
  explicit FileStorage(std::filesystem::path home, const std::string& sops = "sops",
                       FileOwners owners = FileOwners::kUs);
  ~FileStorage() override;

  oidc::Result<oidc::Json> load(const std::string& key) override;
  oidc::Status save(const std::string& key, const oidc::Json& object) override;
  oidc::Result<bool> exists(const std::string& key) override;
  oidc::Result<ObjectVersion> version(const std::string& key) override;
  /// Replaces what is at `to`. Links are renamed, not followed.
  oidc::Status rename(const std::string& from, const std::string& to) override;
  /// Removes the file, or the link if the key is one.
  oidc::Status remove(const std::string& key) override;

  /// An advisory flock(2) on "<file>.lock", tried at once and then every 50 ms. Where that file
  /// cannot be made or locked (a read-only directory, some network file systems) the lock excludes
  /// only this object's callers; its `weakness` says so, and `lock_degraded`.
  oidc::Result<std::unique_ptr<Lock>> lock(const std::string& key, oidc::Clock& clock, oidc::Duration timeout,
                                           std::stop_token stop) override;

  /// True once a lock could not be had across processes.
  bool lock_degraded() const { return lock_degraded_; }

 private:
  oidc::Result<std::filesystem::path> path_of(const std::string& key) const;
  oidc::Result<std::filesystem::path> target_of(const std::string& key) const;

  oidc::Result<std::string> read(const std::string& key, const std::filesystem::path& path) const;

  std::filesystem::path home_;
  FileOwners owners_;
  std::unique_ptr<Sops> sops_;
  std::shared_ptr<LocalLocks> locks_;
  std::atomic<bool> lock_degraded_{false};
};

}  // namespace authcore
