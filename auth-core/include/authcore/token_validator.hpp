#pragma once

#include <optional>
#include <string>
#include <vector>

#include "authcore/decoded_token.hpp"
#include "authcore/jwks_cache.hpp"
#include "oidc/clock.hpp"
#include "oidc/json.hpp"
#include "oidc/result.hpp"

namespace authcore {

/// What a token must be.
struct Expectation {
  std::string issuer{};
  std::string audience{};
  std::vector<std::string> required_claims{};
  std::vector<std::string> scopes_anyof{};  ///< empty: no scope check
  std::optional<std::string> nonce{};       ///< when given, the token must carry exactly this one
};

/// A token that passed every check which needs neither key nor issuer. Only `TokenValidator::screen` makes one.
class ScreenedToken {
 public:
  const DecodedToken& decoded() const { return decoded_; }

 private:
  friend class TokenValidator;
  ScreenedToken(DecodedToken decoded, std::string algorithm, std::string kid)
      : decoded_{std::move(decoded)}, algorithm_{std::move(algorithm)}, kid_{std::move(kid)} {}

  DecodedToken decoded_;
  std::string algorithm_;
  std::string kid_;  // "": it names no key
};

/// Verifies JWTs (TV-001 … TV-025, IDT-001 … IDT-007, RFC 7519 §7.2, RFC 8725). Thread-safe.
class TokenValidator {
 public:
  struct Options {
    std::vector<std::string> algorithms{"RS256"};  ///< what is trusted; compared exactly, never HMAC or none
    oidc::Duration leeway{};                       ///< by how much exp, nbf and iat may be missed
    oidc::Duration start_leeway{};                 ///< by how much nbf and iat may be missed, if that is longer
    bool require_at_jwt = false;  ///< only tokens whose header says typ at+jwt (RFC 9068 §4): no ID tokens
    /// Only tokens that name their key. Without that, one that names none is checked with the issuer's only key for
    /// its algorithm, and refused if there is not exactly one (OIDC Core §10.1).
    bool require_kid = false;
  };
  TokenValidator(KeySource& keys, oidc::Clock& clock, Options options);
  TokenValidator(KeySource& keys, oidc::Clock& clock);

  /// The parts of a token with no verification at all: nothing in them can be believed. Errors:
  /// `kInvalidArgument` for what cannot be decoded (TV-020).
  static oidc::Result<DecodedToken> hazmat_unverified_decode(const std::string& token);

  /// The verified claims. Order: form, algorithm, key, signature, claims, scope. Errors: a kind of
  /// `kInvalidToken`; `kInvalidArgument` for an empty token, issuer or audience; or why the keys
  /// could not be had.
  oidc::Result<oidc::Json> validate(const std::string& token, const Expectation& expected);
  /// The above with audience = client_id, plus OIDC Core §3.1.3.7: azp as in D-16; `at_hash`, if present,
  /// must fit `access_token` when that is given.
  oidc::Result<oidc::Json> validate_id_token(const std::string& token, const Expectation& expected,
                                             const std::string& access_token = "");

  /// The same in two steps, for callers who must ask somebody for the issuer: `screen` needs nothing from
  /// outside, so that nobody is asked about garbage (TV-003, TV-019).
  oidc::Result<ScreenedToken> screen(const std::string& token) const;
  oidc::Result<oidc::Json> validate(ScreenedToken token, const Expectation& expected);
  oidc::Result<oidc::Json> validate_id_token(ScreenedToken token, const Expectation& expected,
                                             const std::string& access_token = "");

 private:
  oidc::Result<ScreenedToken> screen_for(const std::string& token, const Expectation& expected) const;
  oidc::Status verify(const ScreenedToken& token, const Expectation& expected);
  oidc::Status verify_with_key(const ScreenedToken& token);

  KeySource& keys_;
  oidc::Clock& clock_;
  Options options_;
};

}  // namespace authcore
