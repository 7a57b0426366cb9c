#include "flows/pkce.hpp"

#include "oidc/base64url.hpp"
#include "oidc/openssl.hpp"

namespace authcore {
namespace {

constexpr std::size_t kVerifierBytes = 96;  // 128 characters, the most that RFC 7636 §4.1 allows

}  // namespace

ProofKey make_proof_key(oidc::Random& random) {
  ProofKey key;
  key.verifier = random.token(kVerifierBytes);
  key.challenge = s256_challenge(key.verifier);
  return key;
}

std::string s256_challenge(const std::string& verifier) {
  return oidc::base64url_encode(oidc::sha256(verifier));
}

}  // namespace authcore
