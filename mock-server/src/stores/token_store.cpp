#include "stores/token_store.hpp"

#include <algorithm>
#include <map>
#include <unordered_set>

#include "limits.hpp"
#include "oidc/openssl.hpp"
#include "refusal.hpp"
#include "stores/forgetting.hpp"

namespace mockserver {
namespace {

bool includes(const std::vector<std::string>& all, const std::vector<std::string>& some) {
  return std::ranges::all_of(some, [&](const std::string& one) { return std::ranges::find(all, one) != all.end(); });
}

}  // namespace

GrantId TokenStore::open(Grant grant, GrantId parent) {
  const std::scoped_lock lock{mutex_};
  const GrantId id = next_grant_++;
  grants_.emplace(id, GrantState{std::move(grant), parent});
  if (id % (kMostKept / 10) == 0) {
    forget_unused_grants();
  }
  return id;
}

void TokenStore::set_parameters(GrantId id, oidc::Json parameters) {
  const std::scoped_lock lock{mutex_};
  if (const auto found = grants_.find(id); found != grants_.end()) {
    found->second.grant.parameters = std::move(parameters);
  }
}

void TokenStore::set_scopes(GrantId id, const std::vector<std::string>& scopes) {
  const std::scoped_lock lock{mutex_};
  if (const auto found = grants_.find(id); found != grants_.end()) {
    found->second.grant.scopes = scopes;
  }
}

std::optional<Grant> TokenStore::grant(GrantId id) const {
  const std::scoped_lock lock{mutex_};
  const auto found = grants_.find(id);
  return found == grants_.end() ? std::nullopt : std::optional{found->second.grant};
}

void TokenStore::revoke(GrantId id) {
  const std::scoped_lock lock{mutex_};
  if (const auto found = grants_.find(id); found != grants_.end()) {
    found->second.revoked = true;
  }
}

void TokenStore::revoke_all_of(std::string_view client) {
  const std::scoped_lock lock{mutex_};
  for (auto& [id, state] : grants_) {
    state.revoked = state.revoked || state.grant.client == client;
  }
}

void TokenStore::bind(GrantId id, std::string_view dpop_jkt) {
  const std::scoped_lock lock{mutex_};
  if (const auto found = grants_.find(id); found != grants_.end()) {
    found->second.grant.dpop_jkt = dpop_jkt;
  }
}

std::optional<std::string> TokenStore::add(std::string_view value, AccessToken token) {
  std::string key = oidc::sha256(value);
  const std::scoped_lock lock{mutex_};
  // A restored checkpoint may have taken the grant away: its token is dead from the beginning.
  if (const auto grant = grants_.find(token.grant); grant != grants_.end() && !grant->second.grant.of_user) {
    service_tokens_.push_back(key);
  }
  const oidc::TimePoint now = token.issued_at;
  access_.insert_or_assign(std::move(key), AccessState{std::move(token), false, next_order_++});
  forget_beyond(access_, kServiceTokens + kMostKept, [&](const auto& entry) {
    return std::pair{is_live(entry.second, now), entry.second.order};
  });
  return service_tokens_.size() > kServiceTokens ? forget_oldest_service_token() : std::nullopt;
}

std::optional<std::string> TokenStore::forget_oldest_service_token() {
  const auto found = access_.find(service_tokens_.front());
  service_tokens_.pop_front();
  if (found == access_.end()) {
    return std::nullopt;  // it was forgotten before, with what is over
  }
  std::string name = std::move(found->second.token.name);
  grants_.erase(found->second.token.grant);
  access_.erase(found);
  return name;
}

void TokenStore::add(std::string_view value, RefreshToken token) {
  std::string key = oidc::sha256(value);
  std::string predecessor = token.predecessor.empty() ? "" : oidc::sha256(token.predecessor);
  token.predecessor.clear();  // values are not kept
  const std::scoped_lock lock{mutex_};
  RefreshState state{.token = std::move(token), .predecessor = std::move(predecessor), .order = next_order_++};
  const oidc::TimePoint now = state.token.issued_at;
  refresh_.insert_or_assign(std::move(key), std::move(state));
  forget_beyond(refresh_, kMostKept, [&](const auto& entry) {
    return std::pair{is_live(entry.first, entry.second, now), entry.second.order};
  });
}

/// Of those that no token is left of, and that are so old that the code or the request that they were opened for is
/// gone as well.
void TokenStore::forget_unused_grants() {
  std::unordered_set<GrantId> used;
  const auto use = [&](GrantId id) {
    for (auto found = grants_.find(id); found != grants_.end() && used.insert(id).second; found = grants_.find(id)) {
      id = found->second.parent;
    }
  };
  std::ranges::for_each(access_, [&](const auto& entry) { use(entry.second.token.grant); });
  std::ranges::for_each(refresh_, [&](const auto& entry) { use(entry.second.token.grant); });
  std::erase_if(
      grants_, [&](const auto& entry) { return entry.first + kMostKept < next_grant_ && !used.contains(entry.first); });
}

/// Also if the grant that it is a part of is, or if it was forgotten with its token.
bool TokenStore::is_revoked(GrantId id) const {
  auto found = grants_.find(id);
  if (found == grants_.end()) {
    return true;
  }
  for (; found != grants_.end(); found = grants_.find(found->second.parent)) {
    if (found->second.revoked) {
      return true;
    }
  }
  return false;
}

bool TokenStore::is_live(const AccessState& state, oidc::TimePoint now) const {
  return !state.revoked && now < state.token.expires_at && !is_revoked(state.token.grant);
}

bool TokenStore::is_live(const std::string& key, const RefreshState& state, oidc::TimePoint now) const {
  return !state.used_at && !is_ended(state, now) && !is_passed_over(key, state);
}

bool TokenStore::is_ended(const RefreshState& state, oidc::TimePoint now) const {
  return (state.token.expires_at && now >= *state.token.expires_at) || is_revoked(state.token.grant);
}

bool TokenStore::is_used_up(const std::string& key, const RefreshState& state, const RefreshUse& use,
                            oidc::TimePoint now) const {
  if (!state.used_at) {
    return is_passed_over(key, state);
  }
  const oidc::TimePoint until = std::max(state.grace_until.value_or(*state.used_at), *state.used_at + use.grace);
  return !state.heir.empty() || now >= until || is_passed_over(key, state);
}

/// Another successor of the same token was used: this one came too late.
bool TokenStore::is_passed_over(const std::string& key, const RefreshState& state) const {
  const auto predecessor = refresh_.find(state.predecessor);
  return predecessor != refresh_.end() && !predecessor->second.heir.empty() && predecessor->second.heir != key;
}

std::optional<Live<AccessToken>> TokenStore::find_access(std::string_view value, oidc::TimePoint now) const {
  const std::string key = oidc::sha256(value);
  const std::scoped_lock lock{mutex_};
  const auto found = access_.find(key);
  if (found == access_.end() || !is_live(found->second, now)) {
    return std::nullopt;
  }
  return Live<AccessToken>{found->second.token, grants_.at(found->second.token.grant).grant};
}

std::optional<Live<RefreshToken>> TokenStore::find_refresh(std::string_view value, oidc::TimePoint now) const {
  const std::string key = oidc::sha256(value);
  const std::scoped_lock lock{mutex_};
  const auto found = refresh_.find(key);
  if (found == refresh_.end() || !is_live(key, found->second, now)) {
    return std::nullopt;
  }
  return Live<RefreshToken>{found->second.token, grants_.at(found->second.token.grant).grant};
}

std::optional<GrantId> TokenStore::grant_of(std::string_view value) const {
  const std::string key = oidc::sha256(value);
  const std::scoped_lock lock{mutex_};
  if (const auto access = access_.find(key); access != access_.end()) {
    return access->second.token.grant;
  }
  const auto refresh = refresh_.find(key);
  return refresh == refresh_.end() ? std::nullopt : std::optional{refresh->second.token.grant};
}

oidc::Result<Live<RefreshToken>> TokenStore::redeem_refresh(std::string_view value, std::string_view client,
                                                            const std::vector<std::string>& scopes, RefreshUse use,
                                                            oidc::TimePoint now) {
  const std::string key = oidc::sha256(value);
  const std::scoped_lock lock{mutex_};
  const auto found = refresh_.find(key);
  if (found == refresh_.end()) {
    return refusal("invalid_grant", "unknown refresh token");
  }
  RefreshState& state = found->second;
  const auto grant = grants_.find(state.token.grant);
  if (grant == grants_.end()) {
    return refusal("invalid_grant", "the refresh token is revoked");
  }
  GrantState& family = grant->second;
  if (family.grant.client != client) {
    return refusal("invalid_grant", "the refresh token was issued to another client");
  }
  if (use.reuse != ReusePolicy::kAccept && is_used_up(key, state, use, now)) {
    if (use.reuse == ReusePolicy::kReject) {
      return refusal("invalid_grant", "the refresh token was used before");
    }
    family.revoked = true;
    return refusal("invalid_grant", "the refresh token was used before; its family is revoked");
  }
  if (is_ended(state, now)) {
    return refusal("invalid_grant", "the refresh token is expired or revoked");
  }
  if (!includes(family.grant.scopes, scopes)) {
    return refusal("invalid_scope", "the scope goes beyond what was granted");
  }
  if (use.consume) {
    if (!state.used_at) {
      state.used_at = now;
      state.grace_until = now + use.grace;
    }
    if (const auto predecessor = refresh_.find(state.predecessor); predecessor != refresh_.end()) {
      predecessor->second.heir = key;
    }
  }
  return Live<RefreshToken>{state.token, family.grant};
}

bool TokenStore::revoke_access(std::string_view value) {
  const std::string key = oidc::sha256(value);
  const std::scoped_lock lock{mutex_};
  const auto found = access_.find(key);
  if (found == access_.end()) {
    return false;
  }
  found->second.revoked = true;
  return true;
}

bool TokenStore::expire(std::string_view value, oidc::TimePoint now) {
  const std::string key = oidc::sha256(value);
  const std::scoped_lock lock{mutex_};
  if (const auto access = access_.find(key); access != access_.end()) {
    access->second.token.expires_at = std::min(access->second.token.expires_at, now);
    return true;
  }
  const auto refresh = refresh_.find(key);
  if (refresh == refresh_.end()) {
    return false;
  }
  refresh->second.token.expires_at = std::min(refresh->second.token.expires_at.value_or(now), now);
  return true;
}

void TokenStore::expire_access_of(GrantId id, oidc::TimePoint now) {
  const std::scoped_lock lock{mutex_};
  for (auto& [key, state] : access_) {
    if (state.token.grant == id) {
      state.token.expires_at = std::min(state.token.expires_at, now);
    }
  }
}

std::size_t TokenStore::expire_all(oidc::TimePoint now, GrantId grant) {
  const std::scoped_lock lock{mutex_};
  std::size_t ended = 0;
  for (auto& [key, state] : access_) {
    if ((grant == 0 || state.token.grant == grant) && is_live(state, now)) {
      state.token.expires_at = now;
      ++ended;
    }
  }
  for (auto& [key, state] : refresh_) {
    if ((grant == 0 || state.token.grant == grant) && is_live(key, state, now)) {
      state.token.expires_at = now;
      ++ended;
    }
  }
  return ended;
}

std::optional<oidc::TimePoint> TokenStore::expiry_of(std::string_view value) const {
  const std::string key = oidc::sha256(value);
  const std::scoped_lock lock{mutex_};
  if (const auto access = access_.find(key); access != access_.end()) {
    return access->second.token.expires_at;
  }
  const auto refresh = refresh_.find(key);
  return refresh == refresh_.end() ? std::nullopt : refresh->second.token.expires_at;
}

std::vector<std::string> TokenStore::live_names(oidc::TimePoint now) const {
  std::map<std::size_t, std::string> names;
  const std::scoped_lock lock{mutex_};
  for (const auto& [key, state] : access_) {
    if (is_live(state, now)) {
      names.emplace(state.order, state.token.name);
    }
  }
  for (const auto& [key, state] : refresh_) {
    if (is_live(key, state, now)) {
      names.emplace(state.order, state.token.name);
    }
  }
  std::vector<std::string> result;
  result.reserve(names.size());
  for (auto& [order, name] : names) {
    result.push_back(std::move(name));
  }
  return result;
}

}  // namespace mockserver
