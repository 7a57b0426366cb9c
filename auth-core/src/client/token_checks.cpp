#include "client/token_checks.hpp"

#include <algorithm>

namespace authcore {
namespace {

// An ID token comes straight from the server that made it: one from the future means that our clock is slow.
constexpr oidc::Duration kServerClockAhead = std::chrono::seconds{10};

}  // namespace

// The order matters: the issuer's name may have to be asked for.
template <typename Validate>
oidc::Result<oidc::Json> TokenChecks::check(const std::string& token, TokenValidator::Options options,
                                            Expectation expected, Validate validate) {
  TokenValidator validator{keys_, clock_, std::move(options)};
  oidc::Result<ScreenedToken> screened = validator.screen(token);
  if (!screened) {
    return screened.error();
  }
  oidc::Result<std::string> issuer = discovery_.issuer();
  if (!issuer) {
    return issuer.error();
  }
  expected.issuer = std::move(*issuer);
  return validate(validator, std::move(*screened), expected);
}

oidc::Result<oidc::Json> TokenChecks::access_token(const std::string& token, const AccessTokenChecks& checks) {
  const std::string& audience = checks.audience.empty() ? config_.audience : checks.audience;
  if (audience.empty()) {
    return oidc::Error{oidc::Errc::kConfig, "audiences: local validation needs this key"};
  }
  return check(token,
               {.algorithms = config_.access_token_signing_algs,
                .leeway = std::max(checks.leeway, config_.clock_leeway),
                .require_at_jwt = checks.require_at_jwt,
                .require_kid = checks.require_kid},
               {.audience = audience, .required_claims = checks.required_claims, .scopes_anyof = checks.scopes_anyof},
               [](TokenValidator& validator, ScreenedToken screened, const Expectation& expected) {
                 return validator.validate(std::move(screened), expected);
               });
}

oidc::Result<oidc::Json> TokenChecks::id_token(const std::string& token, std::optional<std::string> nonce,
                                               const std::string& access_token) {
  return check(
      token,
      {.algorithms = config_.id_token_signing_algs, .leeway = config_.clock_leeway, .start_leeway = kServerClockAhead},
      {.audience = config_.client_id, .nonce = std::move(nonce)},
      [&](TokenValidator& validator, ScreenedToken screened, const Expectation& expected) {
        return validator.validate_id_token(std::move(screened), expected, access_token);
      });
}

}  // namespace authcore
