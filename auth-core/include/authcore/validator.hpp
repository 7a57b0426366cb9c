#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "authcore/environment.hpp"
#include "oidc/json.hpp"
#include "oidc/jwk.hpp"
#include "oidc/openssl.hpp"
#include "oidc/result.hpp"

namespace authcore {

/// A JWS in compact form, decoded and not verified.
struct DecodedToken {
  oidc::Json header;
  oidc::Json payload;
  std::string signing_input;
  std::string signature;
};
/// Errors: `kMalformedToken`: not three segments of strict base64url, header or payload no JSON
/// object, duplicate members, larger than 64 KiB.
oidc::Result<DecodedToken> decode_unverified(const std::string& token);

class Turn;

/// A key of the issuer's set, ready to verify with. Immutable; shared between threads.
struct VerificationKey {
  oidc::Jwk jwk;
  oidc::EvpPkey handle;  ///< made once: building it costs more than a verification
};

/// The issuer's keys, fetched on demand (JWK-001 … JWK-011). Thread-safe; one fetch at a time.
///
/// A known kid never fetches until the set is `max_age` old; an unknown kid fetches only if more
/// than `min_fetch_interval` passed since the last try, failed ones included; on failure the
/// old keys stay. Keys without kid, of unknown type, for encryption or too weak are skipped.
class JwksCache {
 public:
  struct Options {
    oidc::Duration min_fetch_interval = std::chrono::seconds{300};
    oidc::Duration max_age = std::chrono::hours{24};
    oidc::Duration max_retry_after = std::chrono::seconds{60};  ///< a longer Retry-After fails the fetch at once
  };
  JwksCache(std::string jwks_uri, Environment environment, Options options);
  JwksCache(std::string jwks_uri, Environment environment);
  JwksCache(const JwksCache&) = delete;
  JwksCache& operator=(const JwksCache&) = delete;
  ~JwksCache();

  /// The usable signature key with that kid. Errors: `kUnknownKey`; if the latest fetch failed,
  /// why it did.
  oidc::Result<std::shared_ptr<const VerificationKey>> key(const std::string& kid);

 private:
  using Keys = std::map<std::string, std::shared_ptr<const VerificationKey>>;

  bool is_fetch_due(bool known) const;  // requires turn_
  void fetch();                         // requires turn_
  oidc::Result<Keys> download();

  std::string jwks_uri_;
  Environment environment_;
  Options options_;
  std::unique_ptr<Turn> turn_;                  // held during a fetch on purpose: callers share it
  Keys keys_;                                   // guarded by turn_
  std::optional<oidc::Duration> fetched_at_;    // guarded by turn_; steady time of the last success
  std::optional<oidc::Duration> attempted_at_;  // guarded by turn_; steady time of the last try
  std::optional<oidc::Error> last_error_;       // guarded by turn_; of the last try
};

/// What a token must be.
struct Expectation {
  std::string issuer;
  std::string audience;
  std::vector<std::string> required_claims{};
  std::vector<std::string> scopes_anyof{};  ///< empty: no scope check
  std::optional<std::string> nonce{};       ///< when given, the token must carry exactly this one
};

/// Verifies JWTs (TV-001 … TV-025, IDT-001 … IDT-007, RFC 7519 §7.2, RFC 8725). Thread-safe.
class TokenValidator {
 public:
  struct Options {
    std::vector<std::string> algorithms{"RS256"};  ///< what is trusted; compared exactly, never HMAC or none
    oidc::Duration leeway{};
  };
  TokenValidator(JwksCache& keys, oidc::Clock& clock, Options options);
  TokenValidator(JwksCache& keys, oidc::Clock& clock);

  /// The verified claims. Order: form, algorithm, key, signature, claims, scope. Errors: a kind of
  /// `kInvalidToken`; `kInvalidArgument` for an empty token, issuer or audience; or why the keys
  /// could not be had.
  oidc::Result<oidc::Json> validate(const std::string& token, const Expectation& expected);
  /// The above with audience = client_id, plus OIDC Core §3.1.3.7: azp as in D-16; `at_hash`, if present,
  /// must fit `access_token` when that is given.
  oidc::Result<oidc::Json> validate_id_token(const std::string& token, const Expectation& expected,
                                             const std::string& access_token = "");

 private:
  oidc::Result<DecodedToken> verify(const std::string& token, const Expectation& expected);

  JwksCache& keys_;
  oidc::Clock& clock_;
  Options options_;
};

}  // namespace authcore
