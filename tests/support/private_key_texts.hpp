#pragma once

#include <array>
#include <string>
#include <utility>

#include <openssl/core_names.h>
#include <openssl/pem.h>

#include "oidc/base64url.hpp"
#include "oidc/json.hpp"
#include "oidc/jwk.hpp"
#include "oidc/openssl.hpp"

/// Private keys in the forms that people have them in, written by plain OpenSSL.
namespace oidc::test {

inline std::string text_of(BIO& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(&bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

/// "BEGIN PRIVATE KEY", or "BEGIN ENCRYPTED PRIVATE KEY" with a password.
inline std::string pkcs8_pem(EVP_PKEY& key, const std::string& password = "") {
  const Bio bio{BIO_new(BIO_s_mem())};
  PEM_write_bio_PKCS8PrivateKey(bio.get(), &key, password.empty() ? nullptr : EVP_aes_128_cbc(), password.data(),
                                static_cast<int>(password.size()), nullptr, nullptr);
  return text_of(*bio);
}

/// "BEGIN RSA PRIVATE KEY" and its like.
inline std::string traditional_pem(EVP_PKEY& key, const std::string& password = "") {
  const Bio bio{BIO_new(BIO_s_mem())};
  const auto* bytes = reinterpret_cast<const unsigned char*>(password.data());
  PEM_write_bio_PrivateKey_traditional(bio.get(), &key, password.empty() ? nullptr : EVP_aes_128_cbc(), bytes,
                                       static_cast<int>(password.size()), nullptr, nullptr);
  return text_of(*bio);
}

inline std::string number_of(EVP_PKEY& key, const char* parameter, int size = 0) {
  BIGNUM* raw = nullptr;
  EVP_PKEY_get_bn_param(&key, parameter, &raw);
  const Bignum number{raw};
  std::string bytes(static_cast<std::size_t>(size == 0 ? BN_num_bytes(raw) : size), '\0');
  BN_bn2binpad(raw, reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  return base64url_encode(bytes);
}

/// With all members that its kind has.
inline Json private_jwk(EVP_PKEY& key) {
  const Jwk half = to_jwk(key).value();
  Json jwk = to_json(half);
  if (half.kty == "EC") {
    jwk["d"] = number_of(key, OSSL_PKEY_PARAM_PRIV_KEY, static_cast<int>(half.x.size()));
  } else if (half.kty == "OKP") {
    std::string bytes(32, '\0');
    std::size_t size = bytes.size();
    EVP_PKEY_get_raw_private_key(&key, reinterpret_cast<unsigned char*>(bytes.data()), &size);
    jwk["d"] = base64url_encode(bytes);
  } else {
    const std::array<std::pair<const char*, const char*>, 6> members{{{"d", OSSL_PKEY_PARAM_RSA_D},
                                                                      {"p", OSSL_PKEY_PARAM_RSA_FACTOR1},
                                                                      {"q", OSSL_PKEY_PARAM_RSA_FACTOR2},
                                                                      {"dp", OSSL_PKEY_PARAM_RSA_EXPONENT1},
                                                                      {"dq", OSSL_PKEY_PARAM_RSA_EXPONENT2},
                                                                      {"qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1}}};
    for (const auto& [member, parameter] : members) {
      jwk[member] = number_of(key, parameter);
    }
  }
  return jwk;
}

}  // namespace oidc::test
