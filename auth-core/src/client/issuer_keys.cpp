#include "client/issuer_keys.hpp"

namespace authcore {

oidc::Result<std::shared_ptr<const VerificationKey>> IssuerKeys::key(const std::string& kid) {
  const oidc::Result<JwksCache*> found = find_cache();
  if (!found) {
    return found.error();
  }
  return (*found)->key(kid);
}

oidc::Result<std::shared_ptr<const VerificationKey>> IssuerKeys::only_key(const std::string& algorithm,
                                                                          const VerificationKey* refused) {
  const oidc::Result<JwksCache*> found = find_cache();
  if (!found) {
    return found.error();
  }
  return (*found)->only_key(algorithm, refused);
}

JwksCache* IssuerKeys::cache() const {
  const std::scoped_lock lock{mutex_};
  return cache_.get();
}

oidc::Result<JwksCache*> IssuerKeys::find_cache() {
  if (JwksCache* held = cache()) {
    return held;
  }
  const oidc::Result<std::string> uri = discovery_.endpoint("jwks_uri");  // may take long: no lock is held
  if (!uri) {
    return uri.error();
  }
  const std::scoped_lock lock{mutex_};
  if (!cache_) {
    JwksCache::Options options;
    options.max_retry_after = config_.max_retry_after.value_or(options.max_retry_after);
    cache_ = std::make_unique<JwksCache>(*uri, environment_, options);
  }
  return cache_.get();
}

}  // namespace authcore
