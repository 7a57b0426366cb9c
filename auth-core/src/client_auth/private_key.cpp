#include "client_auth/private_key.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "client_auth/private_jwk.hpp"
#include "oidc/jwk.hpp"

namespace authcore {
namespace {

constexpr std::size_t kMaxKeyFileBytes = std::size_t{64} * 1024;
constexpr int kMinRsaBits = 2048;  // RFC 7518 §3.3
constexpr const char* kPasswordKey = "client_privkey_password";

oidc::Error config_error(const std::string& origin, const std::string& why) {
  return {oidc::Errc::kConfig, origin + ": " + why};
}

struct Password {
  const std::string& text;
  bool was_needed = false;
};

// Always given to OpenSSL: without a callback it would ask on the terminal.
int give_password(char* buffer, int size, int /*encrypts*/, void* context) {
  auto& password = *static_cast<Password*>(context);
  password.was_needed = true;
  if (password.text.empty() || password.text.size() > static_cast<std::size_t>(size)) {
    return -1;
  }
  std::copy(password.text.begin(), password.text.end(), buffer);
  return static_cast<int>(password.text.size());
}

oidc::Error unreadable(const Password& password, const std::string& origin) {
  if (!password.was_needed) {
    return config_error(origin, "not a private key in PEM form, nor a private JWK");
  }
  return password.text.empty() ? config_error(kPasswordKey, "this key is required: the private key is encrypted")
                               : config_error(kPasswordKey, "does not open the private key");
}

oidc::Result<oidc::EvpPkey> parse_pem(std::string_view text, const std::string& password, const std::string& origin) {
  const oidc::Bio bio{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
  Password given{password};
  oidc::EvpPkey key{bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, give_password, &given) : nullptr};
  ERR_clear_error();
  if (!key) {
    return unreadable(given, origin);
  }
  if (!given.was_needed && !password.empty()) {
    return config_error(kPasswordKey, "the private key is not encrypted; leave this key out");
  }
  return key;
}

/// Those that a key can sign with; the first is the default. Empty: the key is of no use here.
std::vector<std::string> algorithms_of(const oidc::Jwk& key) {
  if (key.kty == "RSA") {
    return {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"};
  }
  static const std::array<std::pair<std::string_view, const char*>, 4> kByCurve{
      {{"P-256", "ES256"}, {"P-384", "ES384"}, {"P-521", "ES512"}, {"Ed25519", "EdDSA"}}};
  for (const auto& [curve, algorithm] : kByCurve) {
    if (key.crv == curve) {
      return {algorithm};
    }
  }
  return {};
}

oidc::Result<std::string> choose_algorithm(const EVP_PKEY& handle, const std::string& asked,
                                           const std::string& origin) {
  const oidc::Result<oidc::Jwk> key = oidc::to_jwk(handle);
  if (!key) {
    ERR_clear_error();
    return config_error(origin, "expected a key of RSA, EC on P-256, P-384 or P-521, or Ed25519");
  }
  if (key->kty == "RSA" && EVP_PKEY_get_bits(&handle) < kMinRsaBits) {
    return config_error(origin, "an RSA key needs 2048 bits at least");
  }
  const std::vector<std::string> possible = algorithms_of(*key);
  if (asked.empty()) {
    return possible.front();
  }
  if (std::find(possible.begin(), possible.end(), asked) == possible.end()) {
    return config_error(origin, "the alg of the JWK is none that its key can sign with");
  }
  return asked;
}

bool is_json(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{';
}

}  // namespace

oidc::Result<SigningKey> parse_private_key(std::string_view text, const std::string& password,
                                           const std::string& origin) {
  SigningKey key;
  std::string asked;
  if (is_json(text)) {
    oidc::Result<PrivateJwk> jwk = parse_private_jwk(text);
    if (!jwk) {
      return config_error(origin, jwk.error().message);
    }
    if (!password.empty()) {
      return config_error(kPasswordKey, "a JWK is not encrypted; leave this key out");
    }
    key = {std::move(jwk->handle), "", jwk->kid};
    asked = jwk->alg;
  } else {
    oidc::Result<oidc::EvpPkey> handle = parse_pem(text, password, origin);
    if (!handle) {
      return handle.error();
    }
    key.handle = *std::move(handle);
  }
  oidc::Result<std::string> algorithm = choose_algorithm(*key.handle, asked, origin);
  if (!algorithm) {
    return algorithm.error();
  }
  key.algorithm = *std::move(algorithm);
  return key;
}

oidc::Result<std::shared_ptr<const SigningKey>> PrivateKey::get() {
  const std::scoped_lock lock{mutex_};
  if (!key_) {
    oidc::Result<SigningKey> loaded = load();
    if (!loaded) {
      return loaded.error();
    }
    key_ = std::make_shared<const SigningKey>(*std::move(loaded));
  }
  return key_;
}

oidc::Result<SigningKey> PrivateKey::load() const {
  if (!source_.text.empty()) {
    return parse_private_key(source_.text, source_.password, "client_privkey");
  }
  const std::string origin = "client_privkey_file: " + source_.file;
  std::ifstream file{source_.file, std::ios::binary};
  std::string text(kMaxKeyFileBytes, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.is_open() || file.bad() || (file.fail() && !file.eof())) {
    return config_error(origin, "the file cannot be read");
  }
  if (!file.eof()) {
    return config_error(origin, "the file is too large for a key");
  }
  text.resize(static_cast<std::size_t>(file.gcount()));
  return parse_private_key(text, source_.password, origin);
}

}  // namespace authcore
