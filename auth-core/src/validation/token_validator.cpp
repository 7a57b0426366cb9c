#include <algorithm>

#include "authcore/validator.hpp"
#include "oidc/openssl.hpp"
#include "validation/claims.hpp"
#include "validation/jws.hpp"

namespace authcore {
namespace {

// A header that demands what we do not do must be refused, not skipped (RFC 7515 §4.1.11);
// b64=false would let the signed bytes be read in two ways (RFC 7797).
oidc::Status check_header(const oidc::Json& header) {
  if (header.contains("crit")) {
    return oidc::Error{oidc::Errc::kMalformedToken, "the token demands a header extension that is not known"};
  }
  const auto b64 = header.find("b64");
  if (b64 != header.end() && *b64 != oidc::Json(true)) {
    return oidc::Error{oidc::Errc::kMalformedToken, "the token's payload is not base64url"};
  }
  return oidc::Done{};
}

oidc::Result<std::string> trusted_algorithm(const oidc::Json& header, const std::vector<std::string>& trusted) {
  const std::optional<std::string> algorithm = oidc::string_member(header, "alg");
  if (!algorithm || !is_supported_algorithm(*algorithm) ||
      std::find(trusted.begin(), trusted.end(), *algorithm) == trusted.end()) {
    return oidc::Error{oidc::Errc::kAlgorithmNotAllowed, "the token's signature algorithm is not trusted"};
  }
  return *algorithm;
}

oidc::Result<std::string> key_id(const oidc::Json& header) {
  const auto kid = header.find("kid");
  if (kid == header.end()) {
    return oidc::Error{oidc::Errc::kUnknownKey, "the token does not name its key"};
  }
  if (!kid->is_string()) {
    return oidc::Error{oidc::Errc::kMalformedToken, "the token is malformed: its kid is not a string"};
  }
  return kid->get<std::string>();
}

oidc::Status check_access_token_hash(const oidc::Json& claims, const std::string& algorithm,
                                     const std::string& access_token) {
  const auto claim = claims.find("at_hash");
  if (claim == claims.end() || access_token.empty()) {
    return oidc::Done{};
  }
  const oidc::Result<std::string> expected = access_token_hash(algorithm, access_token);
  if (!expected) {
    return expected.error();
  }
  if (!claim->is_string() || !oidc::equal_secrets(claim->get_ref<const std::string&>(), *expected)) {
    return oidc::Error{oidc::Errc::kBadClaim, "the ID token's at_hash does not fit the access token"};
  }
  return oidc::Done{};
}

}  // namespace

TokenValidator::TokenValidator(JwksCache& keys, oidc::Clock& clock, Options options)
    : keys_{keys}, clock_{clock}, options_{std::move(options)} {}

TokenValidator::TokenValidator(JwksCache& keys, oidc::Clock& clock) : TokenValidator{keys, clock, Options{}} {}

oidc::Result<DecodedToken> TokenValidator::verify(const std::string& token, const Expectation& expected) {
  if (token.empty() || expected.issuer.empty() || expected.audience.empty()) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "validation needs a token, an issuer and an audience"};
  }
  oidc::Result<DecodedToken> decoded = decode_unverified(token);
  if (!decoded) {
    return decoded;
  }
  const oidc::Status header = check_header(decoded->header);
  if (!header) {
    return header.error();
  }
  const oidc::Result<std::string> algorithm = trusted_algorithm(decoded->header, options_.algorithms);
  if (!algorithm) {
    return algorithm.error();
  }
  const oidc::Result<std::string> kid = key_id(decoded->header);
  if (!kid) {
    return kid.error();
  }
  const oidc::Result<std::shared_ptr<const VerificationKey>> key = keys_.key(*kid);
  if (!key) {
    return key.error();
  }
  const oidc::Status signature = verify_signature(*algorithm, **key, decoded->signing_input, decoded->signature);
  if (!signature) {
    return signature.error();
  }
  const oidc::Status claims = check_claims(decoded->payload, expected, clock_.now(), options_.leeway);
  if (!claims) {
    return claims.error();
  }
  return decoded;
}

oidc::Result<oidc::Json> TokenValidator::validate(const std::string& token, const Expectation& expected) {
  oidc::Result<DecodedToken> verified = verify(token, expected);
  if (!verified) {
    return verified.error();
  }
  const oidc::Status scopes = check_scopes(verified->payload, expected.scopes_anyof);
  if (!scopes) {
    return scopes.error();
  }
  return std::move(verified->payload);
}

oidc::Result<oidc::Json> TokenValidator::validate_id_token(const std::string& token, const Expectation& expected,
                                                           const std::string& access_token) {
  oidc::Result<DecodedToken> verified = verify(token, expected);
  if (!verified) {
    return verified.error();
  }
  const oidc::Status claims = check_id_token_claims(verified->payload, expected.audience);
  if (!claims) {
    return claims.error();
  }
  const oidc::Status hash = check_access_token_hash(
      verified->payload, oidc::string_member(verified->header, "alg").value_or(""), access_token);
  if (!hash) {
    return hash.error();
  }
  const oidc::Status scopes = check_scopes(verified->payload, expected.scopes_anyof);
  if (!scopes) {
    return scopes.error();
  }
  return std::move(verified->payload);
}

}  // namespace authcore
