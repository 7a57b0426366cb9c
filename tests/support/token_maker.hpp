#pragma once

#include <string>

#include <openssl/ec.h>
#include <openssl/rsa.h>

#include "oidc/base64url.hpp"
#include "oidc/json.hpp"
#include "oidc/jwk.hpp"
#include "oidc/openssl.hpp"

/// Signs JWTs with plain OpenSSL: neither auth-core's code nor mock-server's.
namespace oidc::test {

inline const unsigned char* bytes_of(const std::string& text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

class SigningKey {
 public:
  explicit SigningKey(EVP_PKEY* handle) : handle_{handle} {}

  /// One key of each kind for the whole program: making RSA keys is slow.
  static const SigningKey& rsa() {
    static const SigningKey key{EVP_RSA_gen(2048)};
    return key;
  }
  static const SigningKey& other_rsa() {
    static const SigningKey key{EVP_RSA_gen(2048)};
    return key;
  }
  static const SigningKey& weak_rsa() {
    static const SigningKey key{EVP_RSA_gen(2040)};
    return key;
  }
  static const SigningKey& p256() {
    static const SigningKey key{EVP_EC_gen("P-256")};
    return key;
  }
  static const SigningKey& p384() {
    static const SigningKey key{EVP_EC_gen("P-384")};
    return key;
  }
  static const SigningKey& p521() {
    static const SigningKey key{EVP_EC_gen("P-521")};
    return key;
  }
  static const SigningKey& ed25519() {
    static const SigningKey key{EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")};
    return key;
  }

  EVP_PKEY& handle() const { return *handle_; }

  Json jwk(const std::string& kid) const {
    Jwk key = to_jwk(*handle_).value();
    key.kid = kid;
    return to_json(key);
  }

  /// A JWS signature; `alg` chooses hash and form, whatever the header says.
  std::string sign(const std::string& alg, const std::string& input) const {
    const std::string bits = alg.substr(2);
    const bool pure = alg == "EdDSA";
    const EvpMdCtx context{EVP_MD_CTX_new()};
    EVP_PKEY_CTX* parameters = nullptr;
    const std::string digest = "SHA" + bits;
    EVP_DigestSignInit_ex(context.get(), &parameters, pure ? nullptr : digest.c_str(), nullptr, nullptr, handle_.get(),
                          nullptr);
    if (alg[0] == 'P') {
      EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING);
      EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST);
    }
    std::size_t size = 0;
    EVP_DigestSign(context.get(), nullptr, &size, bytes_of(input), input.size());
    std::string signature(size, '\0');
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, bytes_of(input),
                   input.size());
    signature.resize(size);
    return alg.rfind("ES", 0) == 0 ? from_der(signature, alg) : signature;
  }

 private:
  static std::string from_der(const std::string& der, const std::string& alg) {
    const int width = alg == "ES256" ? 32 : alg == "ES384" ? 48 : 66;
    const unsigned char* in = bytes_of(der);
    const EcdsaSignature parts{d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(der.size()))};
    std::string out(static_cast<std::size_t>(2 * width), '\0');
    auto* data = reinterpret_cast<unsigned char*>(out.data());
    BN_bn2binpad(ECDSA_SIG_get0_r(parts.get()), data, width);
    BN_bn2binpad(ECDSA_SIG_get0_s(parts.get()), data + width, width);
    return out;
  }

  EvpPkey handle_;
};

/// header.payload.signature, signed with the algorithm `alg`.
inline std::string make_token(const SigningKey& key, const std::string& alg, const Json& header, const Json& payload) {
  const std::string input = base64url_encode(header.dump()) + "." + base64url_encode(payload.dump());
  return input + "." + base64url_encode(key.sign(alg, input));
}

}  // namespace oidc::test
