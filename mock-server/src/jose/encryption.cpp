#include "jose/encryption.hpp"

#include <cstdint>
#include <memory>

#include <openssl/rsa.h>

#include "jose/bytes.hpp"
#include "oidc/base64url.hpp"
#include "oidc/json.hpp"
#include "oidc/openssl.hpp"

namespace mockserver {
namespace {

using CipherCtx = std::unique_ptr<EVP_CIPHER_CTX, oidc::OpenSslDeleter<EVP_CIPHER_CTX_free>>;

constexpr std::size_t kIvSize = 12;   // RFC 7518 section 5.3
constexpr std::size_t kTagSize = 16;  // likewise

const EVP_CIPHER* cipher_of(std::string_view enc) {
  if (enc == "A128GCM") {
    return EVP_aes_128_gcm();
  }
  if (enc == "A192GCM") {
    return EVP_aes_192_gcm();
  }
  return enc == "A256GCM" ? EVP_aes_256_gcm() : nullptr;
}

std::string random_bytes(oidc::Random& random, std::size_t count) {
  std::string bytes(count, '\0');
  random.fill({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
  return bytes;
}

/// The content encryption key under RSA-OAEP (RFC 7518 section 4.3). The padding is of OpenSSL's own randomness.
std::string wrapped_key(const oidc::Jwk& recipient, std::string_view alg, std::string_view key) {
  const auto pkey = oidc::to_public_key(recipient);
  const oidc::EvpPkeyCtx context{pkey ? EVP_PKEY_CTX_new(pkey->get(), nullptr) : nullptr};
  const EVP_MD* digest = alg == "RSA-OAEP" ? EVP_sha1() : EVP_sha256();
  std::size_t size = 0;
  if (!context || EVP_PKEY_encrypt_init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING) != 1 ||
      EVP_PKEY_CTX_set_rsa_oaep_md(context.get(), digest) != 1 ||
      EVP_PKEY_CTX_set_rsa_mgf1_md(context.get(), digest) != 1 ||
      EVP_PKEY_encrypt(context.get(), nullptr, &size, bytes_of(key), key.size()) != 1) {
    fail("RSA-OAEP set-up");
  }
  std::string wrapped(size, '\0');
  if (EVP_PKEY_encrypt(context.get(), bytes_of(wrapped), &size, bytes_of(key), key.size()) != 1) {
    fail("RSA-OAEP");
  }
  wrapped.resize(size);
  return wrapped;
}

struct Sealed {
  std::string ciphertext;
  std::string tag;
};

Sealed seal(const EVP_CIPHER* cipher, const std::string& key, const std::string& iv, std::string_view aad,
            std::string_view plain) {
  const CipherCtx context{EVP_CIPHER_CTX_new()};
  Sealed sealed{std::string(plain.size(), '\0'), std::string(kTagSize, '\0')};
  int size = 0;
  if (!context || EVP_EncryptInit_ex(context.get(), cipher, nullptr, bytes_of(key), bytes_of(iv)) != 1 ||
      EVP_EncryptUpdate(context.get(), nullptr, &size, bytes_of(aad), static_cast<int>(aad.size())) != 1 ||
      EVP_EncryptUpdate(context.get(), bytes_of(sealed.ciphertext), &size, bytes_of(plain),
                        static_cast<int>(plain.size())) != 1 ||
      EVP_EncryptFinal_ex(context.get(), nullptr, &size) != 1 ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(kTagSize), sealed.tag.data()) != 1) {
    fail("AES-GCM");
  }
  return sealed;
}

}  // namespace

std::string encrypt_jwt(const oidc::Jwk& recipient, const Encryption& encryption, std::string_view jwt,
                        oidc::Random& random) {
  const EVP_CIPHER* cipher = cipher_of(encryption.enc);
  if (cipher == nullptr || recipient.kty != "RSA") {
    fail("encryption of a JWT");
  }
  oidc::Json header = {{"alg", encryption.alg}, {"enc", encryption.enc}, {"cty", "JWT"}};
  if (!recipient.kid.empty()) {
    header["kid"] = recipient.kid;
  }
  const std::string protected_header = oidc::base64url_encode(oidc::to_text(header));
  const std::string key = random_bytes(random, static_cast<std::size_t>(EVP_CIPHER_get_key_length(cipher)));
  const std::string iv = random_bytes(random, kIvSize);
  const Sealed sealed = seal(cipher, key, iv, protected_header, jwt);
  std::string text = protected_header;
  for (const std::string& part : {wrapped_key(recipient, encryption.alg, key), iv, sealed.ciphertext, sealed.tag}) {
    text.append(".").append(oidc::base64url_encode(part));
  }
  return text;
}

}  // namespace mockserver
