#pragma once

#include <string>

#include "oidc/random.hpp"

namespace authcore {

/// A proof key (RFC 7636): the verifier stays here until the code is redeemed.
struct ProofKey {
  std::string verifier;   ///< 128 characters (AUTHZ-003)
  std::string challenge;  ///< S256 of it
};
ProofKey make_proof_key(oidc::Random& random);

/// base64url(SHA-256(verifier)), RFC 7636 §4.2.
std::string s256_challenge(const std::string& verifier);

}  // namespace authcore
