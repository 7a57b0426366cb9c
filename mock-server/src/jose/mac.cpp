#include "jose/mac.hpp"

#include <string>

#include <openssl/hmac.h>

#include "oidc/openssl.hpp"

namespace mockserver {
namespace {

const EVP_MD* digest_of(std::string_view alg) {
  if (alg == "HS256") {
    return EVP_sha256();
  }
  if (alg == "HS384") {
    return EVP_sha384();
  }
  return alg == "HS512" ? EVP_sha512() : nullptr;
}

}  // namespace

bool is_mac_algorithm(std::string_view alg) {
  return digest_of(alg) != nullptr;
}

bool is_authenticated_by(std::string_view secret, std::string_view alg, std::string_view input, std::string_view mac) {
  const EVP_MD* digest = digest_of(alg);
  if (digest == nullptr || secret.empty()) {
    return false;
  }
  std::string right(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  if (HMAC(digest, secret.data(), static_cast<int>(secret.size()), reinterpret_cast<const unsigned char*>(input.data()),
           input.size(), reinterpret_cast<unsigned char*>(right.data()), &size) == nullptr) {
    return false;
  }
  right.resize(size);
  return oidc::equal_secrets(right, mac);
}

}  // namespace mockserver
