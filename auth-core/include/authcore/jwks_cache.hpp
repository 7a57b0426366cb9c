#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "authcore/environment.hpp"
#include "oidc/json.hpp"
#include "oidc/result.hpp"

namespace authcore {

class Turn;

/// A key of the issuer's set, ready to verify with. Immutable; shared between threads.
struct VerificationKey;

/// Whoever can name the key that a token says it was signed with. Thread-safe.
class KeySource {
 public:
  KeySource() = default;
  KeySource(const KeySource&) = delete;
  KeySource& operator=(const KeySource&) = delete;
  virtual ~KeySource() = default;

  /// The usable signature key with that kid. Errors: `kUnknownKey`; if it cannot be told, why not.
  virtual oidc::Result<std::shared_ptr<const VerificationKey>> key(const std::string& kid) = 0;
  /// For a token that names no key: the usable signature key for `algorithm`, if there is exactly one
  /// (OIDC Core §10.1). `refused`: one that did not fit the token, so that the issuer may have another by now;
  /// null if none was tried. Errors: as above.
  virtual oidc::Result<std::shared_ptr<const VerificationKey>> only_key(const std::string& algorithm,
                                                                        const VerificationKey* refused) = 0;
};

/// The JWKS endpoint as it is: no cache, no authentication (JWK-001). Thread-safe.
class JwksClient {
 public:
  /// A Retry-After longer than `max_retry_after` fails a fetch at once.
  JwksClient(std::string jwks_uri, Environment environment, oidc::Duration max_retry_after = std::chrono::seconds{60});

  /// The whole document. Errors: `kMalformedResponse` if it has no keys (JWK-002); those of the way there.
  oidc::Result<oidc::Json> jwks() const;
  /// Its `keys`.
  oidc::Result<oidc::Json> jwks_keys() const;

 private:
  std::string jwks_uri_;
  Environment environment_;
  oidc::Duration max_retry_after_;
};

/// The issuer's keys, fetched on demand (JWK-003 … JWK-011). Thread-safe; one fetch at a time, during
/// which known keys are still served.
///
/// A known kid never fetches until the set is `max_age` old; an unknown kid, and a refused key without one, fetches
/// only if more than `min_fetch_interval` passed since the last try, failed ones included; on failure the
/// old keys stay. Keys of unknown type, for encryption or too weak are skipped.
class JwksCache final : public KeySource {
 public:
  struct Options {
    oidc::Duration min_fetch_interval = std::chrono::seconds{300};
    oidc::Duration max_age = std::chrono::hours{24};
    oidc::Duration max_retry_after = std::chrono::seconds{60};  ///< a longer Retry-After fails the fetch at once
  };
  JwksCache(std::string jwks_uri, Environment environment, Options options);
  JwksCache(std::string jwks_uri, Environment environment);
  ~JwksCache() override;

  /// Errors: `kUnknownKey`; if the latest fetch failed, why it did.
  oidc::Result<std::shared_ptr<const VerificationKey>> key(const std::string& kid) override;
  oidc::Result<std::shared_ptr<const VerificationKey>> only_key(const std::string& algorithm,
                                                                const VerificationKey* refused) override;

 private:
  using Key = std::shared_ptr<const VerificationKey>;
  struct KeySet {
    std::map<std::string, Key> named;  // by kid
    std::vector<Key> all;              // those without a kid too
    oidc::Duration fetched_at{};       // steady time
  };
  struct Wanted {
    std::optional<std::string> kid;            // nullopt: the only key for `algorithm`
    std::string algorithm{};                   // of a token without kid
    const VerificationKey* refused = nullptr;  // of a token without kid: worth a fetch
  };

  oidc::Result<Key> look_up(const Wanted& wanted);
  std::shared_ptr<const KeySet> held() const;
  static Key find_in(const KeySet& set, const Wanted& wanted);
  Key find(const Wanted& wanted) const;
  Key find_fresh(const Wanted& wanted) const;
  bool is_fetch_due(const Wanted& wanted) const;  // requires turn_
  void fetch();                                   // requires turn_
  oidc::Result<KeySet> download() const;

  JwksClient client_;
  Environment environment_;
  Options options_;
  mutable std::mutex mutex_;
  std::shared_ptr<const KeySet> held_;          // guarded by mutex_; null before the first success
  std::unique_ptr<Turn> turn_;                  // held during a fetch on purpose: callers share it
  std::optional<oidc::Duration> attempted_at_;  // guarded by turn_; steady time of the last try
  std::optional<oidc::Error> last_error_;       // guarded by turn_; of the last try
};

}  // namespace authcore
