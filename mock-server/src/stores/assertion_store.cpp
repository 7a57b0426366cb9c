#include "stores/assertion_store.hpp"

#include <bit>

#include "limits.hpp"
#include "oidc/base64url.hpp"
#include "oidc/openssl.hpp"
#include "stores/forgetting.hpp"

namespace mockserver {
namespace {

/// Ids are as long as their makers like.
std::string key_of(const std::string& id) {
  return oidc::base64url_encode(oidc::sha256(id));
}

}  // namespace

bool AssertionStore::is_fresh(const std::string& id, oidc::TimePoint now) const {
  const std::string key = key_of(id);
  const std::scoped_lock lock{mutex_};
  const auto found = used_.find(key);
  return found == used_.end() || found->second <= now;
}

bool AssertionStore::use(const std::string& id, oidc::TimePoint expires_at, oidc::TimePoint now) {
  const std::string key = key_of(id);
  const std::scoped_lock lock{mutex_};
  forget_beyond(used_, kMostProofs, [](const auto& entry) { return entry.second; });
  if (std::has_single_bit(used_.size())) {  // now and then: whoever comes with thousands is not to pay for all of them
    std::erase_if(used_, [&](const auto& entry) { return entry.second <= now; });
  }
  const auto [entry, is_new] = used_.try_emplace(key, expires_at);
  const bool fresh = is_new || entry->second <= now;
  entry->second = fresh ? expires_at : entry->second;
  return fresh;
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
