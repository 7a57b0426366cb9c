#include "jose/jws.hpp"

#include "jose/bytes.hpp"
#include "oidc/base64url.hpp"

namespace mockserver {
namespace {

/// DER, as OpenSSL gives it, to the fixed-width pair of RFC 7518 section 3.4.
std::string der_to_pair(std::string_view der, std::size_t width) {
  const unsigned char* data = bytes_of(der);
  const oidc::EcdsaSignature signature{d2i_ECDSA_SIG(nullptr, &data, static_cast<long>(der.size()))};
  std::string pair(2 * width, '\0');
  const int size = static_cast<int>(width);
  if (!signature || BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), bytes_of(pair), size) != size ||
      BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), bytes_of(pair) + width, size) != size) {
    throw oidc::Failure{oidc::openssl_error("ECDSA signature")};
  }
  return pair;
}

/// The encoded header, a dot and the encoded claims, with room for a signature.
std::string signing_input(std::string_view header, const oidc::Json& claims) {
  const std::string payload = oidc::base64url_encode(oidc::to_text(claims));
  std::string input;
  input.reserve(header.size() + payload.size() + 350);  // RS256 signatures take 342
  return input.append(header).append(".").append(payload);
}

}  // namespace

std::string sign_bytes(const SigningKey& key, std::string_view input) {
  const oidc::EvpMdCtx context{EVP_MD_CTX_new()};
  std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key.pkey.get())), '\0');
  std::size_t size = signature.size();
  if (!context || EVP_MD_CTX_copy_ex(context.get(), key.signer.get()) != 1) {
    throw oidc::Failure{oidc::openssl_error(key.alg + " set-up")};
  }
  EVP_MD_CTX_set_flags(context.get(), EVP_MD_CTX_FLAG_FINALISE);  // it signs this and no more: no state is to be kept
  if (EVP_DigestSign(context.get(), bytes_of(signature), &size, bytes_of(input), input.size()) != 1) {
    throw oidc::Failure{oidc::openssl_error(key.alg + " signature")};
  }
  signature.resize(size);
  const std::size_t width = key.algorithm->coordinate_size;
  return width == 0 ? signature : der_to_pair(signature, width);
}

oidc::Json jose_header(const SigningKey& key, std::string_view typ) {
  return {{"alg", key.alg}, {"kid", key.kid()}, {"typ", typ}};
}

std::string sign_jwt(const SigningKey& key, std::string_view typ, const oidc::Json& claims) {
  std::string jwt = signing_input(typ == kAccessTyp ? key.access_header : key.jwt_header, claims);
  const std::string signature = oidc::base64url_encode(sign_bytes(key, jwt));
  return jwt.append(".").append(signature);
}

std::string sign_jwt(const Algorithm& algorithm, std::string_view secret, std::string_view typ,
                     const oidc::Json& claims) {
  const std::string header = oidc::base64url_encode(oidc::to_text({{"alg", algorithm.name}, {"typ", typ}}));
  std::string jwt = signing_input(header, claims);
  const std::string signature = oidc::base64url_encode(hmac(algorithm, secret, jwt));
  return jwt.append(".").append(signature);
}

}  // namespace mockserver
