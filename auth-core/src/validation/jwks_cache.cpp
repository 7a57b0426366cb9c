#include <mutex>

#include "authcore/validator.hpp"
#include "http/policy.hpp"
#include "http/reply.hpp"
#include "session/turn.hpp"
#include "validation/jws.hpp"

namespace authcore {

JwksCache::JwksCache(std::string jwks_uri, Environment environment, Options options)
    : jwks_uri_{std::move(jwks_uri)},
      environment_{std::move(environment)},
      options_{options},
      turn_{std::make_unique<Turn>(environment_.clock)} {}

JwksCache::JwksCache(std::string jwks_uri, Environment environment)
    : JwksCache{std::move(jwks_uri), std::move(environment), Options{}} {}

JwksCache::~JwksCache() = default;

oidc::Result<std::shared_ptr<const VerificationKey>> JwksCache::key(const std::string& kid) {
  const std::scoped_lock lock{*turn_};
  if (is_fetch_due(keys_.count(kid) != 0)) {
    fetch();
  }
  const auto found = keys_.find(kid);
  if (found != keys_.end()) {
    return found->second;
  }
  if (last_error_) {
    return *last_error_;  // the key may well exist: the token is not proven bad
  }
  return oidc::Error{oidc::Errc::kUnknownKey, "no signature key of the issuer has the token's kid"};
}

bool JwksCache::is_fetch_due(bool known) const {
  if (!attempted_at_) {
    return true;
  }
  const oidc::Duration now = environment_.clock.steady_now();
  if (known && now - *fetched_at_ < options_.max_age) {
    return false;
  }
  return now - *attempted_at_ > options_.min_fetch_interval;
}

void JwksCache::fetch() {
  oidc::Result<Keys> keys = download();
  if (!keys && keys.error().code == oidc::Errc::kCancelled) {
    last_error_ = keys.error();  // no try: nothing was asked of the server to the end
    return;
  }
  attempted_at_ = environment_.clock.steady_now();
  last_error_ = keys ? std::nullopt : std::optional{keys.error()};
  if (keys) {
    keys_ = std::move(*keys);
    fetched_at_ = attempted_at_;
  }
}

oidc::Result<JwksCache::Keys> JwksCache::download() {
  oidc::HttpRequest request;
  request.url = jwks_uri_;
  const oidc::Result<oidc::HttpResponse> response =
      HttpPolicy{environment_, {.retry_after_cap = options_.max_retry_after}}.send(request);
  if (!response) {
    return response.error();
  }
  const oidc::Result<oidc::Json> document =
      read_json({.response = *response, .endpoint = "JWKS endpoint", .received = environment_.clock.now()});
  if (!document) {
    return document.error();
  }
  const auto members = document->find("keys");
  if (members == document->end() || !members->is_array() || members->empty()) {
    return oidc::Error{oidc::Errc::kMalformedResponse, "JWKS endpoint: the document has no keys"};
  }
  Keys keys;
  for (const oidc::Json& member : *members) {
    const oidc::Result<oidc::Jwk> jwk = oidc::parse_jwk(member);
    if (!jwk || jwk->kid.empty()) {
      environment_.log.debug("jwks_key_skipped", {{"reason", jwk ? "no kid" : jwk.error().message}});
      continue;
    }
    oidc::Result<std::shared_ptr<const VerificationKey>> key = make_verification_key(*jwk);
    if (!key) {
      environment_.log.debug("jwks_key_skipped", {{"kid", jwk->kid}, {"reason", key.error().message}});
      continue;
    }
    keys.emplace(jwk->kid, std::move(*key));
  }
  return keys;
}

}  // namespace authcore
