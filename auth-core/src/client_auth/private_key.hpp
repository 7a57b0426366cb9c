#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "oidc/openssl.hpp"
#include "oidc/result.hpp"

namespace authcore {

/// Where a client's private key is (CFG-010). "": not given.
struct PrivateKeySource {
  std::string text{};  ///< PEM (PKCS #1, PKCS #8, SEC 1), or a private JWK as JSON; wins over `file`
  std::string file{};  ///< a file that holds such a text
  std::string password{};
};

/// A key to sign with, and how. Immutable.
struct SigningKey {
  oidc::EvpPkey handle;
  std::string algorithm;  ///< "RS256", "ES384", "EdDSA", ... (RFC 7518 §3.1, RFC 8037 §3.1)
  std::string kid;        ///< that of a JWK; otherwise ""
};

/// The key in `text`. The algorithm is RS256 for RSA, that of the curve for EC, EdDSA for Ed25519, unless
/// a JWK names another one that fits (CAUTH-008). `origin` is the configuration key, or the file, that
/// the text is from. Errors: `kConfig`, naming that or client_privkey_password, never a value.
oidc::Result<SigningKey> parse_private_key(std::string_view text, const std::string& password,
                                           const std::string& origin);

/// A client's key, read and parsed when first needed and kept from then on (CFG-011). A failure is not
/// kept: the file may be mended. Thread-safe.
class PrivateKey {
 public:
  explicit PrivateKey(PrivateKeySource source) : source_{std::move(source)} {}

  /// Errors: `kConfig`, naming the configuration key or the file (CFG-012, W-13).
  oidc::Result<std::shared_ptr<const SigningKey>> get();

 private:
  oidc::Result<SigningKey> load() const;

  const PrivateKeySource source_;
  std::mutex mutex_;
  std::shared_ptr<const SigningKey> key_;  // guarded by mutex_; stays once there
};

}  // namespace authcore
