#pragma once

#include <string>
#include <string_view>

#include "jose/jws.hpp"
#include "oidc/json.hpp"

/// JWTs that are wrong in named ways.
namespace mockserver {

/// Who signs; the names of `TokenSpec::sign`.
enum class Signature { kActive, kNext, kRetired, kUnpublished, kNone, kHs256, kCorrupt };
/// "active", "next" (the key of the next rotation), "retired" (one that has left the JWKS), "unpublished" (one that
/// was never there), "none" (alg "none", no signature), "hs256" (HMAC keyed with the public key's PEM), "corrupt" (the
/// last byte flipped); anything else is `kActive`.
Signature signature_of(std::string_view name);

/// What is wrong with a JWT, beside its claims and who signs it.
struct Forgery {
  Signature signature = Signature::kActive;
  const oidc::Json* header = nullptr;  ///< merge patch (RFC 7396); may be null
  /// "omit"; "unknown", a kid of no key; "duplicate", an unknown and the right one, both in the header (RFC 7515
  /// section 4 wants the JWT refused, or the last one taken); "": the key's own.
  std::string_view kid{};
  /// Which part of the JWT is broken, and how:
  /// "signature" its last byte flipped, "short_signature" its last byte missing, "no_signature" empty, "der" an ECDSA
  /// signature as DER and not r||s (others as "signature"), "payload" and "header" another member after signing,
  /// "json" claims that are cut-off JSON, rightly signed, "segments" no third part, "extra_segment" a fourth,
  /// "encoding" base64 with padding and the other alphabet; "": none.
  std::string_view corrupt{};
};

/// Is it one of the names that `Forgery::corrupt` has?
bool is_corruption(std::string_view name);

/// `key` signs and stands in the header. With an HMAC `algorithm`, its `secret` does instead.
struct Signer {
  const SigningKey* key = nullptr;
  const Algorithm* algorithm = nullptr;  ///< HMAC only; else null
  std::string_view secret{};
};

std::string forge_jwt(const Signer& signer, const Forgery& forgery, std::string_view typ, const oidc::Json& claims);

}  // namespace mockserver
