#include "oidc/openssl.hpp"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/sha.h>

namespace oidc {

Error openssl_error(std::string_view what) {
  // The first entry is the root cause; those after it are its callers' complaints.
  const char* reason = nullptr;
  while (const unsigned long code = ERR_get_error()) {
    reason = reason == nullptr ? ERR_reason_error_string(code) : reason;
  }
  return {Errc::kUnknown, std::string{what} + ": " + (reason == nullptr ? "OpenSSL gave no reason" : reason)};
}

std::string sha256(std::string_view bytes) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

bool equal_secrets(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace oidc
