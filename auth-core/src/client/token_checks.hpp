#pragma once

#include <optional>
#include <string>

#include "authcore/client.hpp"
#include "authcore/token_validator.hpp"
#include "client/client_config.hpp"
#include "client/discovery.hpp"
#include "client/issuer_keys.hpp"

namespace authcore {

/// Validates this client's tokens with its issuer's keys, which are fetched when first needed
/// and cached (TV-021). Nobody is asked about a token that is refused by its form or its
/// algorithm (TV-003, TV-019). Thread-safe.
class TokenChecks {
 public:
  TokenChecks(const ClientConfig& config, Discovery& discovery, Environment environment)
      : config_{config}, discovery_{discovery}, clock_{environment.clock}, keys_{config, discovery, environment} {}

  /// Errors: `kConfig` if no audience is given or configured (TV-022); those of `TokenValidator`.
  oidc::Result<oidc::Json> access_token(const std::string& token, const AccessTokenChecks& checks);
  /// Without `nonce`, any nonce is accepted (IDT-006).
  oidc::Result<oidc::Json> id_token(const std::string& token, std::optional<std::string> nonce = {},
                                    const std::string& access_token = "");

 private:
  template <typename Validate>
  oidc::Result<oidc::Json> check(const std::string& token, TokenValidator::Options options, Expectation expected,
                                 Validate validate);

  const ClientConfig& config_;
  Discovery& discovery_;
  oidc::Clock& clock_;
  IssuerKeys keys_;
};

}  // namespace authcore
