#include "jose/jws.hpp"

#include <openssl/hmac.h>
#include <openssl/rsa.h>

#include "oidc/base64url.hpp"

namespace mockserver {
namespace {

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

/// DER, as OpenSSL gives it, to the fixed-width pair of RFC 7518 section 3.4.
std::string der_to_pair(std::string_view der) {
  const unsigned char* data = bytes_of(der);
  const oidc::EcdsaSignature signature{d2i_ECDSA_SIG(nullptr, &data, static_cast<long>(der.size()))};
  std::string pair(64, '\0');
  if (!signature || BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), bytes_of(pair), 32) != 32 ||
      BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), bytes_of(pair) + 32, 32) != 32) {
    throw oidc::Failure{oidc::openssl_error("ES256 signature")};
  }
  return pair;
}

bool use_pss(EVP_PKEY_CTX* context) {
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
}

std::string signing_input(const oidc::Json& header, const oidc::Json& claims) {
  return oidc::base64url_encode(oidc::to_text(header)) + "." + oidc::base64url_encode(oidc::to_text(claims));
}

}  // namespace

std::string sign_bytes(const SigningKey& key, std::string_view input) {
  const oidc::EvpMdCtx context{EVP_MD_CTX_new()};
  EVP_PKEY_CTX* key_context = nullptr;  // owned by `context`
  const EVP_MD* digest = key.alg == "EdDSA" ? nullptr : EVP_sha256();
  std::size_t size = 0;
  if (!context || EVP_DigestSignInit(context.get(), &key_context, digest, nullptr, key.pkey.get()) != 1 ||
      (key.alg == "PS256" && !use_pss(key_context)) ||
      EVP_DigestSign(context.get(), nullptr, &size, bytes_of(input), input.size()) != 1) {
    throw oidc::Failure{oidc::openssl_error(key.alg + " set-up")};
  }
  std::string signature(size, '\0');
  if (EVP_DigestSign(context.get(), bytes_of(signature), &size, bytes_of(input), input.size()) != 1) {
    throw oidc::Failure{oidc::openssl_error(key.alg + " signature")};
  }
  signature.resize(size);
  return key.alg == "ES256" ? der_to_pair(signature) : signature;
}

std::string hmac_sha256(std::string_view key, std::string_view input) {
  std::string mac(32, '\0');
  unsigned int size = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of(input), input.size(), bytes_of(mac),
           &size) == nullptr) {
    throw oidc::Failure{oidc::openssl_error("HMAC")};
  }
  return mac;
}

oidc::Json jose_header(const SigningKey& key, std::string_view typ) {
  return {{"alg", key.alg}, {"kid", key.kid()}, {"typ", typ}};
}

Signature signature_of(std::string_view name) {
  if (name == "unpublished") {
    return Signature::kUnpublished;
  }
  if (name == "none") {
    return Signature::kNone;
  }
  if (name == "hs256") {
    return Signature::kHs256;
  }
  return name == "corrupt" ? Signature::kCorrupt : Signature::kActive;
}

std::string sign_jwt(const SigningKey& key, std::string_view typ, const oidc::Json& claims) {
  std::string jwt = signing_input(jose_header(key, typ), claims);
  const std::string signature = oidc::base64url_encode(sign_bytes(key, jwt));
  return jwt.append(".").append(signature);
}

std::string forge_jwt(const SigningKey& key, const SigningKey& stranger, Signature signature, std::string_view typ,
                      const oidc::Json& header_patch, const oidc::Json& claims) {
  const SigningKey& signer = signature == Signature::kUnpublished ? stranger : key;
  oidc::Json header = jose_header(signer, typ);
  if (signature == Signature::kNone) {
    header["alg"] = "none";
    header.erase("kid");
  } else if (signature == Signature::kHs256) {
    header["alg"] = "HS256";
  }
  header.merge_patch(header_patch);
  const std::string input = signing_input(header, claims);
  if (signature == Signature::kNone) {
    return input + ".";
  }
  std::string bytes = signature == Signature::kHs256 ? hmac_sha256(public_pem(key), input) : sign_bytes(signer, input);
  if (signature == Signature::kCorrupt) {
    bytes.back() = static_cast<char>(static_cast<unsigned char>(bytes.back()) ^ 0xFFU);
  }
  return input + "." + oidc::base64url_encode(bytes);
}

}  // namespace mockserver
