#include "authcore/jwks_cache.hpp"

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
  if (Key fresh = find_fresh(kid)) {
    return fresh;
  }
  std::unique_lock lock{*turn_, std::try_to_lock};
  if (!lock) {
    if (Key stale = find(kid)) {
      return stale;  // somebody is fetching: that is not worth waiting for
    }
    lock.lock();
  }
  if (is_fetch_due(kid)) {
    fetch();
  }
  if (Key known = find(kid)) {
    return known;
  }
  if (last_error_) {
    return *last_error_;  // the key may well exist: the token is not proven bad
  }
  return oidc::Error{oidc::Errc::kUnknownKey, "no signature key of the issuer has the token's kid"};
}

std::shared_ptr<const JwksCache::KeySet> JwksCache::held() const {
  const std::scoped_lock lock{mutex_};
  return held_;
}

JwksCache::Key JwksCache::find_in(const KeySet& set, const std::string& kid) {
  const auto found = set.keys.find(kid);
  return found == set.keys.end() ? nullptr : found->second;
}

JwksCache::Key JwksCache::find(const std::string& kid) const {
  const std::shared_ptr<const KeySet> set = held();
  return set == nullptr ? nullptr : find_in(*set, kid);
}

JwksCache::Key JwksCache::find_fresh(const std::string& kid) const {
  const std::shared_ptr<const KeySet> set = held();
  if (set == nullptr || environment_.clock.steady_now() - set->fetched_at >= options_.max_age) {
    return nullptr;
  }
  return find_in(*set, kid);
}

// Whoever held the turn before may have fetched the key.
bool JwksCache::is_fetch_due(const std::string& kid) const {
  if (find_fresh(kid) != nullptr) {
    return false;
  }
  return !attempted_at_ || environment_.clock.steady_now() - *attempted_at_ > options_.min_fetch_interval;
}

void JwksCache::fetch() {
  oidc::Result<std::map<std::string, Key>> keys = download();
  if (!keys && keys.error().code == oidc::Errc::kCancelled) {
    last_error_ = keys.error();  // no try: nothing was asked of the server to the end
    return;
  }
  attempted_at_ = environment_.clock.steady_now();
  last_error_ = keys ? std::nullopt : std::optional{keys.error()};
  if (keys) {
    auto set = std::make_shared<const KeySet>(KeySet{std::move(*keys), *attempted_at_});
    const std::scoped_lock lock{mutex_};
    held_ = std::move(set);
  }
}

oidc::Result<std::map<std::string, JwksCache::Key>> JwksCache::download() const {
  const oidc::Result<oidc::Json> members = client_.jwks_keys();
  if (!members) {
    return members.error();
  }
  std::map<std::string, Key> keys;
  for (const oidc::Json& member : *members) {
    const oidc::Result<oidc::Jwk> jwk = oidc::parse_jwk(member);
    if (!jwk || jwk->kid.empty()) {
      environment_.log.debug("jwks_key_skipped", {{"reason", jwk ? "no kid" : jwk.error().message}});
      continue;
    }
    oidc::Result<Key> key = make_verification_key(*jwk);
    if (!key) {
      environment_.log.debug("jwks_key_skipped", {{"kid", jwk->kid}, {"reason", key.error().message}});
      continue;
    }
    keys.emplace(jwk->kid, std::move(*key));
  }
  return keys;
}

}  // namespace authcore
