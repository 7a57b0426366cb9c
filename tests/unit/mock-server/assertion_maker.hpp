#pragma once

#include <string>
#include <string_view>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "mockserver/config.hpp"
#include "oidc/base64url.hpp"
#include "oidc/json.hpp"
#include "oidc/jwk.hpp"
#include "oidc/openssl.hpp"

namespace mockserver::test {

/// A client's key pair, and JWTs signed by it with OpenSSL itself.
class AssertionMaker {
 public:
  /// "RS256" and "PS256": the default client's key; "ES256" and "EdDSA": a new one.
  explicit AssertionMaker(std::string alg) : alg_{std::move(alg)} {
    if (alg_ == "ES256") {
      key_.reset(EVP_EC_gen("P-256"));
    } else if (alg_ == "EdDSA") {
      key_.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    } else {
      const std::string_view pem = client_private_key();
      const oidc::Bio bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
      key_.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
    }
  }

  const std::string& alg() const { return alg_; }
  oidc::Json public_jwk() const { return to_json(oidc::to_jwk(*key_).value()); }

  std::string make(const oidc::Json& claims, const oidc::Json& header_patch = oidc::Json::object()) const {
    oidc::Json header{{"alg", alg_}, {"typ", "JWT"}};
    header.merge_patch(header_patch);
    const std::string input =
        oidc::base64url_encode(oidc::to_text(header)) + "." + oidc::base64url_encode(oidc::to_text(claims));
    return input + "." + oidc::base64url_encode(sign(input));
  }

 private:
  std::string sign(const std::string& input) const {
    const oidc::EvpMdCtx context{EVP_MD_CTX_new()};
    EVP_PKEY_CTX* key_context = nullptr;
    EVP_DigestSignInit(context.get(), &key_context, alg_ == "EdDSA" ? nullptr : EVP_sha256(), nullptr, key_.get());
    if (alg_ == "PS256") {
      EVP_PKEY_CTX_set_rsa_padding(key_context, RSA_PKCS1_PSS_PADDING);
      EVP_PKEY_CTX_set_rsa_pss_saltlen(key_context, RSA_PSS_SALTLEN_DIGEST);
    }
    std::string signature(512, '\0');
    std::size_t size = signature.size();
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                   reinterpret_cast<const unsigned char*>(input.data()), input.size());
    signature.resize(size);
    return alg_ == "ES256" ? to_pair(signature) : signature;
  }

  static std::string to_pair(const std::string& der) {
    const auto* data = reinterpret_cast<const unsigned char*>(der.data());
    const oidc::EcdsaSignature signature{d2i_ECDSA_SIG(nullptr, &data, static_cast<long>(der.size()))};
    std::string pair(64, '\0');
    BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), reinterpret_cast<unsigned char*>(pair.data()), 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), reinterpret_cast<unsigned char*>(pair.data()) + 32, 32);
    return pair;
  }

  std::string alg_;
  oidc::EvpPkey key_;
};

}  // namespace mockserver::test
