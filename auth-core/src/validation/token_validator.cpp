#include "authcore/token_validator.hpp"

#include <algorithm>
#include <cctype>

#include "oidc/openssl.hpp"
#include "oidc/recast.hpp"
#include "validation/claims.hpp"
#include "validation/jws.hpp"

namespace authcore {
namespace {

oidc::Status check_arguments(const Expectation& expected) {
  if (expected.issuer.empty() || expected.audience.empty()) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "validation needs an issuer and an audience"};
  }
  return oidc::Done{};
}

// Media types compare without case; "application/" may be left out (RFC 7515 §4.1.9, RFC 9068 §2.1).
bool says_at_jwt(const oidc::Json& header) {
  const std::string typ = oidc::string_member(header, "typ").value_or("");
  const auto is = [&typ](std::string_view name) {
    return std::equal(typ.begin(), typ.end(), name.begin(), name.end(),
                      [](unsigned char a, unsigned char b) { return std::tolower(a) == b; });
  };
  return is("at+jwt") || is("application/at+jwt");
}

// A header that demands what we do not do must be refused, not skipped (RFC 7515 §4.1.11);
// b64=false would let the signed bytes be read in two ways (RFC 7797).
oidc::Status check_header(const oidc::Json& header, bool require_at_jwt) {
  if (header.contains("crit")) {
    return oidc::Error{oidc::Errc::kMalformedToken, "the token demands a header extension that is not known"};
  }
  const auto b64 = header.find("b64");
  if (b64 != header.end() && *b64 != oidc::Json(true)) {
    return oidc::Error{oidc::Errc::kMalformedToken, "the token's payload is not base64url"};
  }
  if (require_at_jwt && !says_at_jwt(header)) {
    return oidc::Error{oidc::Errc::kBadTokenType,
                       "the token does not say that it is an access token: typ is not at+jwt"};
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

// "" if the token names no key.
oidc::Result<std::string> key_id(const oidc::Json& header, bool is_required) {
  const auto kid = header.find("kid");
  if (kid != header.end() && !kid->is_string()) {
    return oidc::Error{oidc::Errc::kMalformedToken, "the token is malformed: its kid is not a string"};
  }
  std::string name = kid == header.end() ? "" : kid->get<std::string>();
  if (name.empty() && is_required) {
    return oidc::Error{oidc::Errc::kUnknownKey, "the token does not name its key"};
  }
  return name;
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

TokenValidator::TokenValidator(KeySource& keys, oidc::Clock& clock, Options options)
    : keys_{keys}, clock_{clock}, options_{std::move(options)} {}

TokenValidator::TokenValidator(KeySource& keys, oidc::Clock& clock) : TokenValidator{keys, clock, Options{}} {}

oidc::Result<DecodedToken> TokenValidator::hazmat_unverified_decode(const std::string& token) {
  return oidc::recast(decode_unverified(token), oidc::Errc::kInvalidArgument);
}

oidc::Result<ScreenedToken> TokenValidator::screen(const std::string& token) const {
  if (token.empty()) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "the token to validate is empty"};
  }
  oidc::Result<DecodedToken> decoded = decode_unverified(token);
  if (!decoded) {
    return decoded.error();
  }
  const oidc::Status header = check_header(decoded->header, options_.require_at_jwt);
  if (!header) {
    return header.error();
  }
  oidc::Result<std::string> algorithm = trusted_algorithm(decoded->header, options_.algorithms);
  if (!algorithm) {
    return algorithm.error();
  }
  oidc::Result<std::string> kid = key_id(decoded->header, options_.require_kid);
  if (!kid) {
    return kid.error();
  }
  return ScreenedToken{std::move(*decoded), std::move(*algorithm), std::move(*kid)};
}

oidc::Status TokenValidator::verify(const ScreenedToken& token, const Expectation& expected) {
  const oidc::Status complete = check_arguments(expected);
  if (!complete) {
    return complete;
  }
  const oidc::Status signature = verify_with_key(token);
  if (!signature) {
    return signature;
  }
  return check_claims(token.decoded_.payload, expected, clock_.now(),
                      {.overall = options_.leeway, .start = options_.start_leeway});
}

// An issuer that names no keys may have another one by now, which a kid would have told.
oidc::Status TokenValidator::verify_with_key(const ScreenedToken& token) {
  using Key = std::shared_ptr<const VerificationKey>;
  const auto verify_by = [&token](const VerificationKey& key) {
    return verify_signature(token.algorithm_, key, token.decoded_.signing_input, token.decoded_.signature);
  };
  const bool is_nameless = token.kid_.empty();
  const oidc::Result<Key> key = is_nameless ? keys_.only_key(token.algorithm_, nullptr) : keys_.key(token.kid_);
  if (!key) {
    return key.error();
  }
  const oidc::Status verified = verify_by(**key);
  if (verified || !is_nameless) {
    return verified;
  }
  const oidc::Result<Key> newer = keys_.only_key(token.algorithm_, key->get());
  if (!newer) {
    return newer.error();
  }
  return *newer == *key ? verified : verify_by(**newer);
}

oidc::Result<oidc::Json> TokenValidator::validate(ScreenedToken token, const Expectation& expected) {
  const oidc::Status verified = verify(token, expected);
  if (!verified) {
    return verified.error();
  }
  const oidc::Status scopes = check_scopes(token.decoded_.payload, expected.scopes_anyof);
  if (!scopes) {
    return scopes.error();
  }
  return std::move(token.decoded_.payload);
}

oidc::Result<oidc::Json> TokenValidator::validate_id_token(ScreenedToken token, const Expectation& expected,
                                                           const std::string& access_token) {
  const oidc::Status verified = verify(token, expected);
  if (!verified) {
    return verified.error();
  }
  oidc::Json& claims = token.decoded_.payload;
  const oidc::Status of_id_token = check_id_token_claims(claims, expected.audience);
  if (!of_id_token) {
    return of_id_token.error();
  }
  const oidc::Status hash = check_access_token_hash(claims, token.algorithm_, access_token);
  if (!hash) {
    return hash.error();
  }
  const oidc::Status scopes = check_scopes(claims, expected.scopes_anyof);
  if (!scopes) {
    return scopes.error();
  }
  return std::move(claims);
}

oidc::Result<oidc::Json> TokenValidator::validate(const std::string& token, const Expectation& expected) {
  oidc::Result<ScreenedToken> screened = screen_for(token, expected);
  if (!screened) {
    return screened.error();
  }
  return validate(std::move(*screened), expected);
}

oidc::Result<oidc::Json> TokenValidator::validate_id_token(const std::string& token, const Expectation& expected,
                                                           const std::string& access_token) {
  oidc::Result<ScreenedToken> screened = screen_for(token, expected);
  if (!screened) {
    return screened.error();
  }
  return validate_id_token(std::move(*screened), expected, access_token);
}

oidc::Result<ScreenedToken> TokenValidator::screen_for(const std::string& token, const Expectation& expected) const {
  const oidc::Status complete = check_arguments(expected);
  if (!complete) {
    return complete.error();
  }
  return screen(token);
}

}  // namespace authcore
