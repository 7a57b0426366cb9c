#include "jose/algorithm.hpp"

#include <algorithm>
#include <array>

#include <openssl/hmac.h>

#include "jose/bytes.hpp"
#include "oidc/base64url.hpp"
#include "oidc/openssl.hpp"

namespace mockserver {
namespace {

constexpr std::array<Algorithm, 13> kAlgorithms{{
    {"RS256", "RSA", "", &EVP_sha256},
    {"RS384", "RSA", "", &EVP_sha384},
    {"RS512", "RSA", "", &EVP_sha512},
    {"PS256", "RSA", "", &EVP_sha256, true},
    {"PS384", "RSA", "", &EVP_sha384, true},
    {"PS512", "RSA", "", &EVP_sha512, true},
    {"ES256", "EC", "P-256", &EVP_sha256, false, 32},
    {"ES384", "EC", "P-384", &EVP_sha384, false, 48},
    {"ES512", "EC", "P-521", &EVP_sha512, false, 66},
    {"EdDSA", "OKP", "Ed25519", nullptr},
    {"HS256", "oct", "", &EVP_sha256},
    {"HS384", "oct", "", &EVP_sha384},
    {"HS512", "oct", "", &EVP_sha512},
}};

}  // namespace

const Algorithm* find_algorithm(std::string_view name) {
  const auto* found = std::ranges::find(kAlgorithms, name, &Algorithm::name);
  return found == kAlgorithms.end() ? nullptr : found;
}

const std::vector<std::string>& signing_algorithms() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names;
    for (const Algorithm& algorithm : kAlgorithms) {
      if (algorithm.kty != "oct") {
        names.emplace_back(algorithm.name);
      }
    }
    return names;
  }();
  return kNames;
}

std::string hmac(const Algorithm& algorithm, std::string_view key, std::string_view input) {
  std::string mac(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  if (HMAC(algorithm.digest(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(input.data()), input.size(), bytes_of(mac), &size) == nullptr) {
    throw oidc::Failure{oidc::openssl_error("HMAC")};
  }
  mac.resize(size);
  return mac;
}

std::string half_hash(std::string_view alg, std::string_view value) {
  const Algorithm* algorithm = find_algorithm(alg);
  const EVP_MD* digest = algorithm != nullptr && algorithm->digest != nullptr ? algorithm->digest() : EVP_sha512();
  std::string hash(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  if (EVP_Digest(value.data(), value.size(), bytes_of(hash), &size, digest, nullptr) != 1) {
    throw oidc::Failure{oidc::openssl_error("hash of a token")};
  }
  hash.resize(size / 2);
  return oidc::base64url_encode(hash);
}

}  // namespace mockserver
