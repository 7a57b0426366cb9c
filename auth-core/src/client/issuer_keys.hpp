#pragma once

#include <memory>
#include <mutex>

#include "authcore/jwks_cache.hpp"
#include "client/client_config.hpp"
#include "client/discovery.hpp"

namespace authcore {

/// The keys of this client's issuer. Where they are is asked of the metadata when the first one is needed, and kept.
/// Thread-safe.
class IssuerKeys final : public KeySource {
 public:
  IssuerKeys(const ClientConfig& config, Discovery& discovery, Environment environment)
      : config_{config}, discovery_{discovery}, environment_{std::move(environment)} {}

  /// Errors: those of `Discovery::endpoint` and `JwksCache::key`.
  oidc::Result<std::shared_ptr<const VerificationKey>> key(const std::string& kid) override;
  oidc::Result<std::shared_ptr<const VerificationKey>> only_key(const std::string& algorithm,
                                                                const VerificationKey* refused) override;

 private:
  JwksCache* cache() const;
  oidc::Result<JwksCache*> find_cache();

  const ClientConfig& config_;
  Discovery& discovery_;
  Environment environment_;
  mutable std::mutex mutex_;
  std::unique_ptr<JwksCache> cache_;  // guarded by mutex_; stays once made
};

}  // namespace authcore
