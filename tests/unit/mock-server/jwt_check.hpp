#pragma once

#include <string>
#include <string_view>

#include <openssl/ecdsa.h>
#include <openssl/rsa.h>

#include "issuer_fixture.hpp"
#include "oidc/jwk.hpp"

/// Signatures of JWTs, checked with OpenSSL itself: nothing of the issuer's own code judges them.
namespace mockserver::test {

/// The digest that an algorithm's name speaks of; null for EdDSA.
inline const EVP_MD* digest_of(std::string_view alg) {
  if (alg == "EdDSA") {
    return nullptr;
  }
  return alg.ends_with("512") ? EVP_sha512() : alg.ends_with("384") ? EVP_sha384() : EVP_sha256();
}

inline std::string pair_to_der(std::string_view pair) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(pair.data());
  const int half = static_cast<int>(pair.size() / 2);
  const oidc::EcdsaSignature signature{ECDSA_SIG_new()};
  ECDSA_SIG_set0(signature.get(), BN_bin2bn(bytes, half, nullptr), BN_bin2bn(bytes + half, half, nullptr));
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &der);
  std::string result(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return result;
}

/// RFC 7518 section 3.4: the size of r||s.
inline std::size_t ecdsa_size(std::string_view alg) {
  return alg == "ES256" ? 64 : alg == "ES384" ? 96 : 132;
}

inline bool signature_verifies(const oidc::Json& jwk, const std::string& alg, std::string_view input,
                               std::string signature) {
  if (jwk.at("kty") == "EC") {
    EXPECT_EQ(signature.size(), ecdsa_size(alg));
    signature = pair_to_der(signature);
  }
  const auto pkey = oidc::to_public_key(oidc::parse_jwk(jwk).value()).value();
  const oidc::EvpMdCtx context{EVP_MD_CTX_new()};
  EVP_PKEY_CTX* key_context = nullptr;
  EXPECT_EQ(EVP_DigestVerifyInit(context.get(), &key_context, digest_of(alg), nullptr, pkey.get()), 1);
  if (alg.starts_with("PS")) {
    EXPECT_EQ(EVP_PKEY_CTX_set_rsa_padding(key_context, RSA_PKCS1_PSS_PADDING), 1);
    EXPECT_EQ(EVP_PKEY_CTX_set_rsa_pss_saltlen(key_context, RSA_PSS_SALTLEN_DIGEST), 1);
  }
  return EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
                          reinterpret_cast<const unsigned char*>(input.data()), input.size()) == 1;
}

/// By the algorithm that the key is published for.
inline bool verifies(const std::string& jwt, const oidc::Json& jwk) {
  const auto dot = jwt.rfind('.');
  return signature_verifies(jwk, jwk.at("alg"), jwt.substr(0, dot),
                            oidc::base64url_decode(jwt.substr(dot + 1)).value());
}

/// Keys as clients find them.
class KeysTest : public IssuerTest {
 protected:
  oidc::Json keys() { return body_of(get("/jwks")).at("keys"); }

  std::vector<std::string> published_kids() {
    std::vector<std::string> kids;
    for (const auto& key : keys()) {
      kids.push_back(key.at("kid"));
    }
    return kids;
  }

  /// Null if the JWKS doesn't have it.
  oidc::Json key_of(const std::string& jwt) {
    const std::string kid = jwt_part(jwt, 0).value("kid", "");
    for (const auto& key : keys()) {
      if (key.at("kid") == kid) {
        return key;
      }
    }
    return nullptr;
  }
};

}  // namespace mockserver::test
