#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "authcore/storage.hpp"

namespace authcore {

class LocalLocks;

/// Keeps objects in this process only. Each save is a new version. Thread-safe.
class MemoryStorage final : public ObjectStorageProvider {
 public:
  MemoryStorage();
  ~MemoryStorage() override;

  oidc::Result<oidc::Json> load(const std::string& key) override;
  oidc::Status save(const std::string& key, const oidc::Json& object) override;
  oidc::Result<bool> exists(const std::string& key) override;
  oidc::Result<ObjectVersion> version(const std::string& key) override;
  oidc::Status rename(const std::string& from, const std::string& to) override;
  oidc::Status remove(const std::string& key) override;
  oidc::Result<std::unique_ptr<Lock>> lock(const std::string& key, oidc::Clock& clock, oidc::Duration timeout,
                                           std::stop_token stop) override;

 private:
  struct Entry {
    oidc::Json object;
    std::uint64_t serial = 0;
  };

  std::shared_ptr<LocalLocks> locks_;
  std::mutex mutex_;
  std::map<std::string, Entry> entries_;  // guarded by mutex_
  std::uint64_t saves_ = 0;               // guarded by mutex_
};

}  // namespace authcore
