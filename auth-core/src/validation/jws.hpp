#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "oidc/jwk.hpp"
#include "oidc/openssl.hpp"
#include "oidc/result.hpp"

/// JWS signature verification (RFC 7515 §5.2, RFC 7518 §3, RFC 8037 §3.1). auth-core only
/// verifies: mock-server signs, and neither uses the other's code.
namespace authcore {

struct VerificationKey {
  oidc::Jwk jwk;
  /// By the algorithms that the key may be used with (its kty, crv and alg allow no others): a context that is
  /// set up, to be copied for each signature. Setting up anew would cost a sixth of an RSA verification.
  std::map<std::string_view, oidc::EvpMdCtx> verifiers;
};

/// Makes a key ready to verify with. Errors: `kUnknownKey` for what no signature may be
/// checked with: another `use`, `key_ops` without verify, RSA below 2048 bits (RFC 7518 §3.3),
/// a point off the curve.
oidc::Result<std::shared_ptr<const VerificationKey>> make_verification_key(oidc::Jwk jwk);

/// True for what `verify_signature` knows: RS*, PS*, ES*, EdDSA. Compared exactly.
bool is_supported_algorithm(std::string_view algorithm);

/// Errors: `kAlgorithmNotAllowed` if the key is not for that algorithm (kty, crv, alg);
/// `kBadSignature`.
oidc::Status verify_signature(std::string_view algorithm, const VerificationKey& key, std::string_view signing_input,
                              std::string_view signature);

/// The base64url of the left half of the algorithm's hash of `access_token`: what `at_hash`
/// must be (OIDC Core §3.1.3.6). Errors: `kAlgorithmNotAllowed`.
oidc::Result<std::string> access_token_hash(std::string_view algorithm, std::string_view access_token);

}  // namespace authcore
