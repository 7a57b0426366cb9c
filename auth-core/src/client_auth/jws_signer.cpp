#include "client_auth/jws_signer.hpp"

#include <openssl/rsa.h>

#include "oidc/base64url.hpp"

namespace authcore {
namespace {

const unsigned char* bytes_of(const std::string& text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

// "RS256" and its like end in the size of their hash.
std::string digest_of(const std::string& algorithm) {
  return "SHA" + algorithm.substr(2);
}

// RFC 7518 §3.5: the salt is as long as the hash.
bool set_padding(EVP_PKEY_CTX* context, const std::string& algorithm) {
  return algorithm.front() != 'P' || (EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
                                      EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1);
}

oidc::Result<std::string> sign(const SigningKey& key, const std::string& input) {
  const bool is_pure = key.algorithm == "EdDSA";  // hashes by itself
  const std::string digest = is_pure ? "" : digest_of(key.algorithm);
  const oidc::EvpMdCtx context{EVP_MD_CTX_new()};
  EVP_PKEY_CTX* parameters = nullptr;  // owned by context
  std::size_t size = 0;
  if (!context ||
      EVP_DigestSignInit_ex(context.get(), &parameters, is_pure ? nullptr : digest.c_str(), nullptr, nullptr,
                            key.handle.get(), nullptr) != 1 ||
      !set_padding(parameters, key.algorithm) ||
      EVP_DigestSign(context.get(), nullptr, &size, bytes_of(input), input.size()) != 1) {
    return oidc::openssl_error("the signature of the client assertion");
  }
  std::string signature(size, '\0');
  if (EVP_DigestSign(context.get(), bytes_of(signature), &size, bytes_of(input), input.size()) != 1) {
    return oidc::openssl_error("the signature of the client assertion");
  }
  signature.resize(size);
  return signature;
}

// JWS wants the two numbers side by side, each as wide as the curve (RFC 7518 §3.4); OpenSSL gives DER.
oidc::Result<std::string> from_der(const std::string& der, int width) {
  const unsigned char* in = bytes_of(der);
  const oidc::EcdsaSignature parts{d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(der.size()))};
  std::string out(2 * static_cast<std::size_t>(width), '\0');
  if (!parts || BN_bn2binpad(ECDSA_SIG_get0_r(parts.get()), bytes_of(out), width) != width ||
      BN_bn2binpad(ECDSA_SIG_get0_s(parts.get()), bytes_of(out) + width, width) != width) {
    return oidc::openssl_error("the signature of the client assertion");
  }
  return out;
}

}  // namespace

oidc::Result<std::string> sign_jwt(const SigningKey& key, const oidc::Json& claims) {
  oidc::Json header{{"alg", key.algorithm}, {"typ", "JWT"}};
  if (!key.kid.empty()) {
    header["kid"] = key.kid;
  }
  const std::string input =
      oidc::base64url_encode(oidc::to_text(header)) + "." + oidc::base64url_encode(oidc::to_text(claims));
  oidc::Result<std::string> signature = sign(key, input);
  if (signature && key.algorithm.front() == 'E' && key.algorithm != "EdDSA") {
    signature = from_der(*signature, (EVP_PKEY_get_bits(key.handle.get()) + 7) / 8);
  }
  if (!signature) {
    return signature.error();
  }
  return input + "." + oidc::base64url_encode(*signature);
}

}  // namespace authcore
