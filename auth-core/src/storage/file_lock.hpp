#pragma once

#include <filesystem>
#include <memory>

#include "authcore/storage.hpp"
#include "storage/local_locks.hpp"

namespace authcore {

struct FileLockAttempt {
  std::unique_ptr<ObjectStorageProvider::Lock> lock;  ///< nullptr: somebody has it
  bool degraded = false;                              ///< the lock excludes nobody outside of `local`
};

/// Tries once, without waiting, for the flock(2) on `path` (made with 0600, its directory with
/// 0700). Where the file cannot be made or locked, the lock is the one in `local`.
FileLockAttempt try_file_lock(const std::filesystem::path& path, LocalLocks& local);

}  // namespace authcore
