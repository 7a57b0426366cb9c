#include "authcore/jwks_cache.hpp"

#include <algorithm>

#include "session/turn.hpp"
#include "validation/jws.hpp"

namespace authcore {

JwksCache::JwksCache(std::string jwks_uri, Environment environment, Options options)
    : client_{std::move(jwks_uri), environment, options.max_retry_after},
      environment_{std::move(environment)},
      options_{options},
      turn_{std::make_unique<Turn>(environment_.clock)} {}

JwksCache::JwksCache(std::string jwks_uri, Environment environment)
    : JwksCache{std::move(jwks_uri), std::move(environment), Options{}} {}

JwksCache::~JwksCache() = default;

oidc::Result<std::shared_ptr<const VerificationKey>> JwksCache::key(const std::string& kid) {
  return look_up({.kid = kid});
}

oidc::Result<std::shared_ptr<const VerificationKey>> JwksCache::only_key(const std::string& algorithm,
                                                                         const VerificationKey* refused) {
  return look_up({.kid = {}, .algorithm = algorithm, .refused = refused});
}

oidc::Result<JwksCache::Key> JwksCache::look_up(const Wanted& wanted) {
  if (Key fresh = find_fresh(wanted)) {
    return fresh;
  }
  std::unique_lock lock{*turn_, std::try_to_lock};
  if (!lock) {
    if (Key stale = find(wanted)) {
      return stale;  // somebody is fetching: that is not worth waiting for
    }
    lock.lock();
  }
  if (is_fetch_due(wanted)) {
    fetch();
  }
  if (Key known = find(wanted)) {
    return known;
  }
  if (last_error_) {
    return *last_error_;  // the key may well exist: the token is not proven bad
  }
  return oidc::Error{oidc::Errc::kUnknownKey,
                     wanted.kid ? "no signature key of the issuer has the token's kid"
                                : "the token does not name its key, and the issuer has not just one that it could be"};
}

std::shared_ptr<const JwksCache::KeySet> JwksCache::held() const {
  const std::scoped_lock lock{mutex_};
  return held_;
}

JwksCache::Key JwksCache::find_in(const KeySet& set, const Wanted& wanted) {
  if (wanted.kid) {
    const auto found = set.named.find(*wanted.kid);
    return found == set.named.end() ? nullptr : found->second;
  }
  const auto fits = [&](const Key& key) { return key->verifiers.contains(wanted.algorithm); };
  const auto first = std::find_if(set.all.begin(), set.all.end(), fits);
  const bool is_only = first != set.all.end() && std::find_if(first + 1, set.all.end(), fits) == set.all.end();
  return is_only ? *first : nullptr;
}

JwksCache::Key JwksCache::find(const Wanted& wanted) const {
  const std::shared_ptr<const KeySet> set = held();
  return set == nullptr ? nullptr : find_in(*set, wanted);
}

JwksCache::Key JwksCache::find_fresh(const Wanted& wanted) const {
  const std::shared_ptr<const KeySet> set = held();
  if (set == nullptr || environment_.clock.steady_now() - set->fetched_at >= options_.max_age) {
    return nullptr;
  }
  Key found = find_in(*set, wanted);
  return found.get() == wanted.refused ? nullptr : found;
}

// Whoever held the turn before may have fetched the key.
bool JwksCache::is_fetch_due(const Wanted& wanted) const {
  if (find_fresh(wanted) != nullptr) {
    return false;
  }
  return !attempted_at_ || environment_.clock.steady_now() - *attempted_at_ > options_.min_fetch_interval;
}

void JwksCache::fetch() {
  oidc::Result<KeySet> keys = download();
  if (!keys && keys.error().code == oidc::Errc::kCancelled) {
    last_error_ = keys.error();  // no try: nothing was asked of the server to the end
    return;
  }
  attempted_at_ = environment_.clock.steady_now();
  last_error_ = keys ? std::nullopt : std::optional{keys.error()};
  if (keys) {
    keys->fetched_at = *attempted_at_;
    auto set = std::make_shared<const KeySet>(std::move(*keys));
    const std::scoped_lock lock{mutex_};
    held_ = std::move(set);
  }
}

oidc::Result<JwksCache::KeySet> JwksCache::download() const {
  const oidc::Result<oidc::Json> members = client_.jwks_keys();
  if (!members) {
    return members.error();
  }
  KeySet set;
  for (const oidc::Json& member : *members) {
    const oidc::Result<oidc::Jwk> jwk = oidc::parse_jwk(member);
    if (!jwk) {
      environment_.log.debug("jwks_key_skipped", {{"reason", jwk.error().message}});
      continue;
    }
    oidc::Result<Key> key = make_verification_key(*jwk);
    if (!key) {
      environment_.log.debug("jwks_key_skipped", {{"kid", jwk->kid}, {"reason", key.error().message}});
      continue;
    }
    if (!jwk->kid.empty()) {
      set.named.emplace(jwk->kid, *key);
    }
    set.all.push_back(*std::move(key));
  }
  return set;
}

}  // namespace authcore
