#include "validation/jws.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <openssl/rsa.h>

#include "oidc/base64url.hpp"

namespace authcore {
namespace {

constexpr std::size_t kMinRsaBytes = 256;
constexpr unsigned char kTopBit = 0x80;

struct Algorithm {
  std::string_view name;
  std::string_view kty;
  std::string_view crv;    // "" for RSA
  const char* digest;      // nullptr: the scheme hashes by itself
  std::size_t half_bytes;  // width of r and of s; 0 if the signature is one number
  bool pss;
};

constexpr std::array<Algorithm, 10> kAlgorithms{{
    {"RS256", "RSA", "", "SHA256", 0, false},
    {"RS384", "RSA", "", "SHA384", 0, false},
    {"RS512", "RSA", "", "SHA512", 0, false},
    {"PS256", "RSA", "", "SHA256", 0, true},
    {"PS384", "RSA", "", "SHA384", 0, true},
    {"PS512", "RSA", "", "SHA512", 0, true},
    {"ES256", "EC", "P-256", "SHA256", 32, false},
    {"ES384", "EC", "P-384", "SHA384", 48, false},
    {"ES512", "EC", "P-521", "SHA512", 66, false},
    {"EdDSA", "OKP", "Ed25519", nullptr, 0, false},
}};

const Algorithm* find_algorithm(std::string_view name) {
  const auto* found =
      std::find_if(kAlgorithms.begin(), kAlgorithms.end(), [&](const Algorithm& known) { return known.name == name; });
  return found == kAlgorithms.end() ? nullptr : found;
}

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

oidc::Error bad_signature() {
  static_cast<void>(oidc::openssl_error(""));  // leaves no stale reason for a later caller
  return {oidc::Errc::kBadSignature, "the signature does not fit the token"};
}

oidc::Error unusable(const std::string& why) {
  return {oidc::Errc::kUnknownKey, "the key cannot verify signatures: " + why};
}

// JWA writes r||s in fixed width (RFC 7518 §3.4); OpenSSL wants DER.
std::optional<std::string> to_der(std::string_view signature, std::size_t half_bytes) {
  if (signature.size() != 2 * half_bytes) {
    return std::nullopt;
  }
  const int width = static_cast<int>(half_bytes);
  oidc::Bignum r{BN_bin2bn(bytes(signature), width, nullptr)};
  oidc::Bignum s{BN_bin2bn(bytes(signature.substr(half_bytes)), width, nullptr)};
  const oidc::EcdsaSignature parts{ECDSA_SIG_new()};
  if (!r || !s || !parts || ECDSA_SIG_set0(parts.get(), r.get(), s.get()) != 1) {
    return std::nullopt;
  }
  static_cast<void>(r.release());  // owned by `parts` from here on
  static_cast<void>(s.release());
  const int size = i2d_ECDSA_SIG(parts.get(), nullptr);
  if (size <= 0) {
    return std::nullopt;
  }
  std::string der(static_cast<std::size_t>(size), '\0');
  auto* out = reinterpret_cast<unsigned char*>(der.data());
  i2d_ECDSA_SIG(parts.get(), &out);
  return der;
}

bool set_pss(EVP_PKEY_CTX* context) {
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
}

bool is_weak_rsa(const oidc::Jwk& jwk) {
  const bool long_enough =
      jwk.n.size() > kMinRsaBytes || (jwk.n.size() == kMinRsaBytes && (bytes(jwk.n)[0] & kTopBit) != 0);
  // With e = 1 every message is its own signature.
  const bool odd_exponent = !jwk.e.empty() && jwk.e != "\x01" && (static_cast<unsigned char>(jwk.e.back()) & 1U) == 1U;
  return !long_enough || !odd_exponent;
}

bool fits(const Algorithm& algorithm, const oidc::Jwk& jwk) {
  const bool curve_fits = algorithm.crv.empty() || jwk.crv == algorithm.crv;
  const bool alg_fits = jwk.alg.empty() || jwk.alg == algorithm.name;
  return jwk.kty == algorithm.kty && curve_fits && alg_fits;
}

// Null if OpenSSL cannot.
oidc::EvpMdCtx prepare(const Algorithm& algorithm, EVP_PKEY* key) {
  oidc::EvpMdCtx context{EVP_MD_CTX_new()};
  EVP_PKEY_CTX* parameters = nullptr;  // owned by `context`
  if (!context ||
      EVP_DigestVerifyInit_ex(context.get(), &parameters, algorithm.digest, nullptr, nullptr, key, nullptr) != 1) {
    return nullptr;
  }
  return algorithm.pss && !set_pss(parameters) ? nullptr : std::move(context);
}

bool is_signed(const EVP_MD_CTX* prepared, std::string_view signing_input, std::string_view signature) {
  const oidc::EvpMdCtx context{EVP_MD_CTX_new()};
  return context && EVP_MD_CTX_copy_ex(context.get(), prepared) == 1 &&
         EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(signing_input),
                          signing_input.size()) == 1;
}

}  // namespace

oidc::Result<std::shared_ptr<const VerificationKey>> make_verification_key(oidc::Jwk jwk) {
  if (!jwk.use.empty() && jwk.use != "sig") {
    return unusable("its use is another one");
  }
  if (!jwk.key_ops.empty() && std::find(jwk.key_ops.begin(), jwk.key_ops.end(), "verify") == jwk.key_ops.end()) {
    return unusable("its operations do not include verify");
  }
  if (jwk.kty == "RSA" && is_weak_rsa(jwk)) {
    return unusable("its RSA parameters are too weak");
  }
  oidc::Result<oidc::EvpPkey> handle = oidc::to_public_key(jwk);
  if (!handle) {
    return unusable(handle.error().message);
  }
  auto key = std::make_shared<VerificationKey>();
  for (const Algorithm& algorithm : kAlgorithms) {
    oidc::EvpMdCtx context = fits(algorithm, jwk) ? prepare(algorithm, handle->get()) : nullptr;
    if (context) {
      key->verifiers.emplace(algorithm.name, std::move(context));
    }
  }
  static_cast<void>(oidc::openssl_error(""));  // leaves no stale reason for a later caller
  if (key->verifiers.empty()) {
    return unusable("no signature algorithm is known for it");
  }
  key->jwk = std::move(jwk);
  return std::shared_ptr<const VerificationKey>{std::move(key)};
}

bool is_supported_algorithm(std::string_view algorithm) {
  return find_algorithm(algorithm) != nullptr;
}

oidc::Status verify_signature(std::string_view algorithm, const VerificationKey& key, std::string_view signing_input,
                              std::string_view signature) {
  const Algorithm* known = find_algorithm(algorithm);
  if (known == nullptr) {
    return oidc::Error{oidc::Errc::kAlgorithmNotAllowed, "the signature algorithm is not known"};
  }
  const auto verifier = key.verifiers.find(known->name);
  if (verifier == key.verifiers.end()) {
    return oidc::Error{oidc::Errc::kAlgorithmNotAllowed,
                       "the key is not meant for the algorithm " + std::string{algorithm}};
  }
  std::optional<std::string> der;
  if (known->half_bytes != 0) {
    der = to_der(signature, known->half_bytes);
    if (!der) {
      return bad_signature();
    }
    signature = *der;
  }
  return is_signed(verifier->second.get(), signing_input, signature) ? oidc::Status{oidc::Done{}} : bad_signature();
}

oidc::Result<std::string> access_token_hash(std::string_view algorithm, std::string_view access_token) {
  const Algorithm* known = find_algorithm(algorithm);
  if (known == nullptr) {
    return oidc::Error{oidc::Errc::kAlgorithmNotAllowed, "the signature algorithm is not known"};
  }
  // Ed25519 hashes with SHA-512 (RFC 8032 §5.1).
  const EVP_MD* digest = EVP_get_digestbyname(known->digest == nullptr ? "SHA512" : known->digest);
  std::string hash(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  if (EVP_Digest(access_token.data(), access_token.size(), reinterpret_cast<unsigned char*>(hash.data()), &size, digest,
                 nullptr) != 1) {
    return oidc::openssl_error("hash of the access token");
  }
  return oidc::base64url_encode(std::string_view{hash}.substr(0, size / 2));
}

}  // namespace authcore
