#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "oidc/clock.hpp"
#include "oidc/json.hpp"
#include "oidc/result.hpp"

namespace authcore {

/// Tells whether a stored object is still the one that was read, also when two writes fall
/// into one tick of the file system's clock: modification time in ns, size and inode.
struct ObjectVersion {
  std::int64_t modified_ns = 0;
  std::uint64_t size = 0;
  std::uint64_t identity = 0;
  bool operator==(const ObjectVersion&) const = default;
};

/// Whose files are used. What another user owns, or can write, is theirs to exchange at any time; a link of theirs
/// leads wherever they like. Root's are everybody's.
enum class FileOwners {
  kUs,       ///< any other, and any link of another, is a `kStorage` error
  kAnybody,  ///< where that is on purpose
};

/// Keeps JSON objects under keys. Keys are paths but need not be files.
///
/// Subclass it to store sessions elsewhere (Planet client authentication guide, "Session
/// State Saved to Application Storage"). Implementations are thread-safe; objects are copied
/// at the boundary.
class ObjectStorageProvider {
 public:
  /// Excludes other holders of the same key, in this and in other processes, until destroyed.
  class Lock {
   public:
    Lock() = default;
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;
    virtual ~Lock() = default;
    /// Why another process can hold it at the same time, naming the file; "": none can.
    virtual std::string weakness() const { return ""; }
  };

  ObjectStorageProvider() = default;
  ObjectStorageProvider(const ObjectStorageProvider&) = delete;
  ObjectStorageProvider& operator=(const ObjectStorageProvider&) = delete;
  virtual ~ObjectStorageProvider() = default;

  /// Errors: `kNotFound`; `kCorruptStorage` for what is not a JSON object; `kStorage`.
  virtual oidc::Result<oidc::Json> load(const std::string& key) = 0;
  /// Replaces the object as a whole: a reader sees the old or the new one, never a part.
  /// Top-level nulls are not written. Errors: `kStorage`; the old object is then intact.
  virtual oidc::Status save(const std::string& key, const oidc::Json& object) = 0;
  virtual oidc::Result<bool> exists(const std::string& key) = 0;
  /// Errors: `kNotFound`, `kStorage`.
  virtual oidc::Result<ObjectVersion> version(const std::string& key) = 0;
  /// Errors: `kNotFound`, `kStorage`.
  virtual oidc::Status rename(const std::string& from, const std::string& to) = 0;
  /// Removing what is not there is a success. Errors: `kStorage`.
  virtual oidc::Status remove(const std::string& key) = 0;
  /// Waits on `clock` for at most `timeout`. Errors: `kLocked`, `kStorage`; `kCancelled` once `stop` is requested.
  /// A provider that cannot lock keeps this default: an empty lock that excludes nobody.
  virtual oidc::Result<std::unique_ptr<Lock>> lock(const std::string& key, oidc::Clock& clock, oidc::Duration timeout,
                                                   std::stop_token stop);
};

/// Where a credential is kept. `key` "" means in memory only (AUTH-003), no provider a `FileStorage`.
struct CredentialLocation {
  std::shared_ptr<ObjectStorageProvider> provider;
  std::string key;
};

}  // namespace authcore
