#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "authcore/auth.hpp"
#include "authcore/client.hpp"
#include "authcore/environment.hpp"
#include "oidc/json.hpp"
#include "oidc/log.hpp"
#include "oidc/result.hpp"

namespace authcore {

/// What a service that takes tokens learns of one.
struct ValidatedToken {
  oidc::Json claims;                   ///< verified with the issuer's keys
  std::optional<oidc::Json> remote{};  ///< the issuer's own word (RFC 7662), if it was asked
};

/// What a token must be besides valid.
struct MultiIssuerChecks {
  std::vector<std::string> required_claims{};
  std::vector<std::string> scopes_anyof{};  ///< empty: no scope check; judged by the local claims (MIV-014)
  bool do_remote_revocation_check = false;  ///< also ask the issuer whether the token is still good
};

/// Validates access tokens of several issuers, for services (MIV-001 … MIV-017, OidcMultiIssuerValidator in
/// the planet_auth API documentation). A token is judged by the one trusted issuer that it says it comes
/// from, and nobody else is contacted. Thread-safe.
class MultiIssuerValidator {
 public:
  struct Options {
    bool log_result = true;  ///< successes at info; tokens that are refused are logged always (MIV-015, MIV-016)
  };
  using Made = oidc::Result<std::unique_ptr<MultiIssuerValidator>>;

  /// Trusts the issuers of these clients, each for its configured audience; null entries are skipped.
  /// Asks those without a configured issuer for their metadata (MIV-005). Errors: `kConfig` if nobody is left,
  /// for a client without audience or not of OpenID Connect, and for an issuer that comes twice (MIV-001, MIV-002);
  /// those of discovery.
  static Made from_clients(std::vector<std::shared_ptr<AuthClient>> trusted, oidc::Log log, Options options);
  static Made from_contexts(const std::vector<std::shared_ptr<Auth>>& trusted, oidc::Log log, Options options);

  /// Trusts servers whose issuer is their URL. Contacts nobody (MIV-003). Errors: `kConfig` also without
  /// an audience, which could validate nothing (D-35).
  static Made from_auth_server_urls(const std::vector<std::string>& urls, const std::string& audience,
                                    const Environment& environment, Options options);
  /// The same of sparse configurations: auth_server and audiences, more if wanted. `client_type` defaults to
  /// oidc_client_validator, `issuer` to auth_server. Contacts nobody (MIV-004); changes no argument (W-33).
  static Made from_auth_server_configs(const std::vector<oidc::Json>& configs, const Environment& environment,
                                       Options options);

  /// Errors: `kInvalidArgument` for an empty token; a kind of `kInvalidToken`, of them `kBadIssuer` for
  /// an issuer that is not trusted (D-14); those of the way to the issuer. The issuer is asked only about
  /// tokens that are valid locally (MIV-012).
  oidc::Result<ValidatedToken> validate_access_token(const std::string& token, const MultiIssuerChecks& checks) const;

 private:
  using Trusted = std::map<std::string, std::shared_ptr<AuthClient>>;  // by issuer

  MultiIssuerValidator(Trusted trusted, oidc::Log log, Options options)
      : trusted_{std::move(trusted)}, log_{std::move(log)}, options_{options} {}
  oidc::Result<AuthClient*> find_issuer(const std::string& token) const;
  oidc::Result<ValidatedToken> judge(const std::string& token, const MultiIssuerChecks& checks) const;

  Trusted trusted_;
  oidc::Log log_;
  Options options_;
};

}  // namespace authcore
