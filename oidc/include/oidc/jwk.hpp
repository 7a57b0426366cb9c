#pragma once

#include <string>
#include <vector>

#include "oidc/json.hpp"
#include "oidc/openssl.hpp"
#include "oidc/result.hpp"

/// JSON Web Keys (RFC 7517, RFC 7518 §6, RFC 8037): the format, no judgement.
namespace oidc {

/// A public key with its parameters. Private members are never parsed nor printed.
struct Jwk {
  std::string kty;  ///< "RSA", "EC", "OKP"
  std::string kid;  ///< "" if absent
  std::string use;  ///< "" if absent
  std::string alg;  ///< "" if absent
  std::vector<std::string> key_ops;
  std::string crv;   ///< EC: "P-256", "P-384", "P-521"; OKP: "Ed25519"
  std::string n, e;  ///< RSA: big-endian bytes, no leading zero
  std::string x, y;  ///< EC: fixed-width big-endian bytes; OKP: x only
};

/// Errors: `kInvalidArgument` naming the member that is missing or malformed, or the
/// unsupported kty or crv.
Result<Jwk> parse_jwk(const Json& json);
/// Members in the form of RFC 7517; empty ones are left out.
Json to_json(const Jwk& key);
/// RFC 7638 SHA-256 thumbprint as base64url.
std::string thumbprint(const Jwk& key);

/// Errors: `kInvalidArgument` for a point that isn't on the curve or a broken modulus.
Result<EvpPkey> to_public_key(const Jwk& key);
/// RSA, P-256, P-384, P-521 and Ed25519 keys; kid, use and alg are left empty.
Result<Jwk> to_jwk(const EVP_PKEY& key);

}  // namespace oidc
