#include "client_auth/assertion.hpp"

#include <string_view>

#include "endpoints/endpoint.hpp"
#include "jose/mac.hpp"
#include "jose/verify.hpp"
#include "refusal.hpp"

namespace mockserver {

extern const Endpoint kTokenEndpoint;  // endpoints/token.cpp

namespace {

constexpr std::string_view kJwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

oidc::Error invalid_client(const std::string& why) {
  return refusal("invalid_client", why);
}

oidc::Status check_signature(const ReceivedJwt& assertion, const ClientConfig& client) {
  const std::string alg = assertion.alg();
  if (is_mac_algorithm(alg)) {
    return is_authenticated_by(client.secret, alg, assertion.input, assertion.signature)
               ? oidc::Status{oidc::Done{}}
               : invalid_client("the client's secret did not make the assertion");
  }
  if (!is_assertion_algorithm(alg)) {
    return invalid_client("the client assertion's algorithm is not supported");
  }
  return is_signed_by_one_of(client.keys, assertion) ? oidc::Status{oidc::Done{}}
                                                     : invalid_client("none of the client's keys signed the assertion");
}

}  // namespace

bool is_for_this_issuer(const Call& call, const ReceivedJwt& jwt) {
  const std::string& base = call.world.base_url;
  const std::string token_path = path_of(call.world, kTokenEndpoint).value_or("/token");
  const std::string query = call.url.query.empty() ? "" : "?" + call.url.query;  // part of what a client was told
  return is_for(jwt.claims, call.world.issuer_id) || is_for(jwt.claims, base) || is_for(jwt.claims, base + call.path) ||
         is_for(jwt.claims, base + call.path + query) || is_for(jwt.claims, base + token_path);
}

oidc::Result<ClaimedClient> claimed_client(const Call& call) {
  if (call.form.value_or_empty("client_assertion_type") != kJwtBearer) {
    return invalid_client("the client assertion's type is not supported");
  }
  const auto assertion = read_jwt(call.form.value_or_empty("client_assertion"));
  const auto sub = assertion ? oidc::string_member(assertion->claims, "sub") : std::nullopt;
  if (!sub) {
    return invalid_client("the client assertion is no JWT with a subject");
  }
  const auto in_body = call.parameter("client_id");
  if (in_body && *in_body != *sub) {
    return invalid_client("client_id differs from the client assertion's subject");
  }
  return ClaimedClient{
      *sub, is_mac_algorithm(assertion->alg()) ? ClientAuthMethod::kSecretJwt : ClientAuthMethod::kPrivateKeyJwt};
}

oidc::Status check_assertion(Call& call, const ClientConfig& client) {
  const auto assertion = read_jwt(call.form.value_or_empty("client_assertion"));
  if (!assertion) {
    return invalid_client("the client assertion is no JWT");
  }
  if (const auto is_signed = check_signature(*assertion, client); !is_signed) {
    return is_signed;
  }
  if (assertion->claim("iss") != client.id || assertion->claim("sub") != client.id) {
    return invalid_client("issuer and subject of the client assertion must be the client");
  }
  if (!is_for_this_issuer(call, *assertion)) {
    return invalid_client("the client assertion is for another audience");
  }
  if (const char* why = why_untimely(assertion->claims, call.now)) {
    return invalid_client(std::string{"the client assertion "} + why);
  }
  const std::string jti = assertion->claim("jti");
  const std::string id = client.id + '\n' + jti;
  if (jti.empty() || !call.world.assertions.is_fresh(id, call.now)) {
    return invalid_client("the client assertion has no jti, or one that was used before");
  }
  call.assertion = UsedAssertion{id, *time_claim(assertion->claims, "exp")};
  return oidc::Done{};
}

}  // namespace mockserver
