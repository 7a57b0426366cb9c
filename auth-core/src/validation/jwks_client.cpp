#include "authcore/jwks_cache.hpp"
#include "http/policy.hpp"
#include "http/reply.hpp"

namespace authcore {

JwksClient::JwksClient(std::string jwks_uri, Environment environment, oidc::Duration max_retry_after)
    : jwks_uri_{std::move(jwks_uri)}, environment_{std::move(environment)}, max_retry_after_{max_retry_after} {}

oidc::Result<oidc::Json> JwksClient::jwks() const {
  oidc::HttpRequest request;
  request.url = jwks_uri_;
  const oidc::Result<oidc::HttpResponse> response =
      HttpPolicy{environment_, {.retry_after_cap = max_retry_after_}}.send(request);
  if (!response) {
    return response.error();
  }
  oidc::Result<oidc::Json> document =
      read_json({.response = *response, .endpoint = "JWKS endpoint", .received = environment_.clock.now()});
  if (!document) {
    return document;
  }
  const auto keys = document->find("keys");
  if (keys == document->end() || !keys->is_array() || keys->empty()) {
    return oidc::Error{oidc::Errc::kMalformedResponse, "JWKS endpoint: the document has no keys"};
  }
  return document;
}

oidc::Result<oidc::Json> JwksClient::jwks_keys() const {
  oidc::Result<oidc::Json> document = jwks();
  if (!document) {
    return document;
  }
  return std::move((*document)["keys"]);
}

}  // namespace authcore
