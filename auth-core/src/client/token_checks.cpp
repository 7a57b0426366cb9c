#include "client/token_checks.hpp"

namespace authcore {

oidc::Result<JwksCache*> TokenChecks::keys() {
  const oidc::Result<std::string> uri = discovery_.endpoint("jwks_uri");
  if (!uri) {
    return uri.error();
  }
  const std::scoped_lock lock{mutex_};
  if (!keys_) {
    JwksCache::Options options;
    options.max_retry_after = config_.max_retry_after.value_or(options.max_retry_after);
    keys_ = std::make_unique<JwksCache>(*uri, environment_, options);
  }
  return keys_.get();
}

oidc::Result<oidc::Json> TokenChecks::access_token(const std::string& token, const AccessTokenChecks& checks) {
  const std::string& audience = checks.audience.empty() ? config_.audience : checks.audience;
  if (audience.empty()) {
    return oidc::Error{oidc::Errc::kConfig, "audiences: local validation needs this key"};
  }
  if (token.empty()) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "the access token to validate is empty"};
  }
  const oidc::Result<std::string> issuer = discovery_.issuer();
  if (!issuer) {
    return issuer.error();
  }
  const oidc::Result<JwksCache*> cache = keys();
  if (!cache) {
    return cache.error();
  }
  TokenValidator validator{**cache, environment_.clock, {.algorithms = config_.access_token_signing_algs}};
  return validator.validate(token, {.issuer = *issuer,
                                    .audience = audience,
                                    .required_claims = checks.required_claims,
                                    .scopes_anyof = checks.scopes_anyof});
}

oidc::Result<oidc::Json> TokenChecks::id_token(const std::string& token, std::optional<std::string> nonce,
                                               const std::string& access_token) {
  if (token.empty()) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "the ID token to validate is empty"};
  }
  const oidc::Result<std::string> issuer = discovery_.issuer();
  if (!issuer) {
    return issuer.error();
  }
  const oidc::Result<JwksCache*> cache = keys();
  if (!cache) {
    return cache.error();
  }
  TokenValidator validator{**cache, environment_.clock, {.algorithms = config_.id_token_signing_algs}};
  return validator.validate_id_token(
      token, {.issuer = *issuer, .audience = config_.client_id, .nonce = std::move(nonce)}, access_token);
}

}  // namespace authcore
