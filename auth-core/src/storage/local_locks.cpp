#include "storage/local_locks.hpp"

#include <algorithm>
#include <utility>

namespace authcore {

namespace {

constexpr oidc::Duration kPollInterval{50};

}  // namespace

/// Keeps the table alive: a lock may outlive its provider.
class LocalLocks::Held final : public ObjectStorageProvider::Lock {
 public:
  Held(std::shared_ptr<LocalLocks> table, std::string name) : table_{std::move(table)}, name_{std::move(name)} {}
  ~Held() override {
    const std::scoped_lock lock{table_->mutex_};
    table_->names_.erase(name_);
  }

 private:
  std::shared_ptr<LocalLocks> table_;
  std::string name_;
};

std::unique_ptr<ObjectStorageProvider::Lock> LocalLocks::try_lock(const std::string& name) {
  {
    const std::scoped_lock lock{mutex_};
    if (!names_.insert(name).second) {
      return nullptr;
    }
  }
  return std::make_unique<Held>(shared_from_this(), name);
}

MaybeLock poll_for_lock(const std::string& name, oidc::Clock& clock, oidc::Duration timeout, std::stop_token stop,
                        const std::function<MaybeLock()>& attempt) {
  const oidc::Duration deadline = clock.steady_now() + std::max(timeout, oidc::Duration::zero());
  while (true) {
    auto lock = attempt();
    if (!lock || *lock != nullptr) {
      return lock;
    }
    if (stop.stop_requested()) {
      return oidc::Error{oidc::Errc::kCancelled, "waiting for the lock of " + name + " was cancelled"};
    }
    const oidc::Duration left = deadline - clock.steady_now();
    if (left <= oidc::Duration::zero()) {
      return oidc::Error{oidc::Errc::kLocked, "another holder kept the lock of " + name};
    }
    clock.sleep_for(std::min(left, kPollInterval));
  }
}

}  // namespace authcore
