#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "authcore/client.hpp"
#include "authcore/validator.hpp"
#include "client/client_config.hpp"
#include "client/discovery.hpp"

namespace authcore {

/// Validates this client's tokens with its issuer's keys, which are fetched when first needed
/// and cached (TV-021). Thread-safe.
class TokenChecks {
 public:
  TokenChecks(const ClientConfig& config, Discovery& discovery, Environment environment)
      : config_{config}, discovery_{discovery}, environment_{std::move(environment)} {}

  /// Errors: `kConfig` if no audience is given or configured (TV-022); those of `TokenValidator`.
  oidc::Result<oidc::Json> access_token(const std::string& token, const AccessTokenChecks& checks);
  /// Without `nonce`, any nonce is accepted (IDT-006).
  oidc::Result<oidc::Json> id_token(const std::string& token, std::optional<std::string> nonce = {},
                                    const std::string& access_token = "");

 private:
  oidc::Result<JwksCache*> keys();

  const ClientConfig& config_;
  Discovery& discovery_;
  Environment environment_;
  std::mutex mutex_;
  std::unique_ptr<JwksCache> keys_;  // guarded by mutex_; stays once made
};

}  // namespace authcore
