#include "stores/assertion_store.hpp"

namespace mockserver {

bool AssertionStore::is_fresh(const std::string& id, oidc::TimePoint now) const {
  const std::scoped_lock lock{mutex_};
  const auto found = used_.find(id);
  return found == used_.end() || found->second <= now;
}

bool AssertionStore::use(const std::string& id, oidc::TimePoint expires_at, oidc::TimePoint now) {
  const std::scoped_lock lock{mutex_};
  std::erase_if(used_, [&](const auto& entry) { return entry.second <= now; });
  return used_.emplace(id, expires_at).second;
}

AssertionStore::State AssertionStore::snapshot() const {
  const std::scoped_lock lock{mutex_};
  return {used_};
}

void AssertionStore::restore(State state) {
  const std::scoped_lock lock{mutex_};
  used_ = std::move(state.used);
}

}  // namespace mockserver
