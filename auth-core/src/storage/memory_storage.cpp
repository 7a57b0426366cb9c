#include "authcore/memory_storage.hpp"

#include <utility>

#include "storage/local_locks.hpp"
#include "storage/storable.hpp"

namespace authcore {

MemoryStorage::MemoryStorage() : locks_{std::make_shared<LocalLocks>()} {}
MemoryStorage::~MemoryStorage() = default;

oidc::Result<oidc::Json> MemoryStorage::load(const std::string& key) {
  const std::scoped_lock lock{mutex_};
  const auto found = entries_.find(key);
  if (found == entries_.end()) {
    return nothing_stored(key);
  }
  return found->second.object;
}

oidc::Status MemoryStorage::save(const std::string& key, const oidc::Json& object) {
  auto stored = to_storable(object);
  if (!stored) {
    return std::move(stored).error();
  }
  const std::scoped_lock lock{mutex_};
  entries_[key] = Entry{*std::move(stored), ++saves_};
  return oidc::Done{};
}

oidc::Result<bool> MemoryStorage::exists(const std::string& key) {
  const std::scoped_lock lock{mutex_};
  return entries_.count(key) != 0;
}

oidc::Result<ObjectVersion> MemoryStorage::version(const std::string& key) {
  const std::scoped_lock lock{mutex_};
  const auto found = entries_.find(key);
  if (found == entries_.end()) {
    return nothing_stored(key);
  }
  return ObjectVersion{.identity = found->second.serial};
}

oidc::Status MemoryStorage::rename(const std::string& from, const std::string& to) {
  const std::scoped_lock lock{mutex_};
  auto moved = entries_.extract(from);
  if (moved.empty()) {
    return nothing_stored(from);
  }
  entries_[to] = std::move(moved.mapped());
  return oidc::Done{};
}

oidc::Status MemoryStorage::remove(const std::string& key) {
  const std::scoped_lock lock{mutex_};
  entries_.erase(key);
  return oidc::Done{};
}

oidc::Result<std::unique_ptr<ObjectStorageProvider::Lock>> MemoryStorage::lock(const std::string& key,
                                                                               oidc::Clock& clock,
                                                                               oidc::Duration timeout,
                                                                               std::stop_token stop) {
  return poll_for_lock(key, clock, timeout, stop, [&]() -> MaybeLock { return locks_->try_lock(key); });
}

}  // namespace authcore
