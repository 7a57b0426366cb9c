#pragma once

#include <filesystem>
#include <memory>

#include "authcore/storage.hpp"
#include "storage/local_locks.hpp"

namespace authcore {

/// Tries once, without waiting, for the flock(2) on `path` (made with 0600, its directory with
/// 0700). nullptr: somebody has it. Where the file cannot be made or locked, the lock is the one in `local`, and
/// tells its weakness.
std::unique_ptr<ObjectStorageProvider::Lock> try_file_lock(const std::filesystem::path& path, LocalLocks& local);

}  // namespace authcore
