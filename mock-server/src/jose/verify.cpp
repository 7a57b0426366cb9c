#include "jose/verify.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include <openssl/rsa.h>

#include "oidc/openssl.hpp"

namespace mockserver {
namespace {

struct Algorithm {
  std::string_view name;
  std::string_view kty;
  std::string_view crv;  // "" for RSA
};

// RFC 7518 section 3.1, RFC 8037 section 3.1.
constexpr std::array<Algorithm, 4> kAlgorithms{
    {{"RS256", "RSA", ""}, {"PS256", "RSA", ""}, {"ES256", "EC", "P-256"}, {"EdDSA", "OKP", "Ed25519"}}};

const Algorithm* find_algorithm(std::string_view name) {
  const auto* found = std::ranges::find(kAlgorithms, name, &Algorithm::name);
  return found == kAlgorithms.end() ? nullptr : found;
}

bool is_meant_for(const oidc::Jwk& key, const Algorithm& algorithm) {
  return key.kty == algorithm.kty && (algorithm.crv.empty() || key.crv == algorithm.crv) &&
         (key.alg.empty() || key.alg == algorithm.name) && (key.use.empty() || key.use == "sig");
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

/// The fixed-width pair of RFC 7518 section 3.4 to DER, as OpenSSL takes it.
std::optional<std::string> pair_to_der(std::string_view pair) {
  const oidc::EcdsaSignature signature{ECDSA_SIG_new()};
  oidc::Bignum r{pair.size() == 64 ? BN_bin2bn(bytes_of(pair), 32, nullptr) : nullptr};
  oidc::Bignum s{pair.size() == 64 ? BN_bin2bn(bytes_of(pair) + 32, 32, nullptr) : nullptr};
  if (!signature || !r || !s || ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) {
    return std::nullopt;
  }
  (void)r.release();  // now the signature's
  (void)s.release();
  std::string der(static_cast<std::size_t>(i2d_ECDSA_SIG(signature.get(), nullptr)), '\0');
  auto* end = reinterpret_cast<unsigned char*>(der.data());
  i2d_ECDSA_SIG(signature.get(), &end);
  return der;
}

bool use_pss(EVP_PKEY_CTX* context) {
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
}

}  // namespace

bool is_assertion_algorithm(std::string_view alg) {
  return find_algorithm(alg) != nullptr;
}

bool is_signed_by(const oidc::Jwk& key, std::string_view alg, std::string_view input, std::string_view signature) {
  const Algorithm* algorithm = find_algorithm(alg);
  if (algorithm == nullptr || !is_meant_for(key, *algorithm)) {
    return false;
  }
  const auto pkey = oidc::to_public_key(key);
  const auto der = alg == "ES256" ? pair_to_der(signature) : std::optional{std::string{signature}};
  const oidc::EvpMdCtx context{EVP_MD_CTX_new()};
  EVP_PKEY_CTX* key_context = nullptr;  // owned by `context`
  if (!pkey || !der || !context ||
      EVP_DigestVerifyInit(context.get(), &key_context, alg == "EdDSA" ? nullptr : EVP_sha256(), nullptr,
                           pkey->get()) != 1 ||
      (alg == "PS256" && !use_pss(key_context))) {
    return false;
  }
  return EVP_DigestVerify(context.get(), bytes_of(*der), der->size(), bytes_of(input), input.size()) == 1;
}

}  // namespace mockserver
