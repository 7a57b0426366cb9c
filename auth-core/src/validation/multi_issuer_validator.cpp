#include "authcore/multi_issuer_validator.hpp"

#include "authcore/decoded_token.hpp"
#include "authcore/events.hpp"

namespace authcore {
namespace {

using Trusted = std::map<std::string, std::shared_ptr<AuthClient>>;

oidc::Error config_error(const std::string& why) {
  return {oidc::Errc::kConfig, "trusted issuers: " + why};
}

oidc::Status add_trusted(Trusted& trusted, std::shared_ptr<AuthClient> client) {
  if (client->credential_kind() != CredentialKind::kOidc) {
    return config_error(std::string{client->type_name()} + " is not a type of OpenID Connect");
  }
  if (client->audience().empty()) {
    return config_error("each needs the key audiences");
  }
  const oidc::Result<std::string> issuer = client->issuer();
  if (!issuer) {
    return issuer.error();
  }
  if (!trusted.emplace(*issuer, std::move(client)).second) {
    return config_error("one comes twice");
  }
  return oidc::Done{};
}

// The remote half of the verdict is not left to the client alone (MIV-013).
oidc::Status check_active(const oidc::Json& reply) {
  const auto active = reply.is_object() ? reply.find("active") : reply.end();
  if (active == reply.end() || !active->is_boolean()) {
    return oidc::Error{oidc::Errc::kMalformedResponse, "introspection endpoint: active is missing or not a boolean"};
  }
  if (!active->get<bool>()) {
    return oidc::Error{oidc::Errc::kIntrospectionRejected, "the issuer says that the token is not active"};
  }
  return oidc::Done{};
}

oidc::Json completed(oidc::Json config) {
  if (!config.is_object()) {
    return config;
  }
  const auto set_default = [&config](const char* key, const oidc::Json& value) {
    if (!config.contains(key) || config[key].is_null()) {
      config[key] = value;
    }
  };
  set_default("client_type", "oidc_client_validator");
  if (const std::optional<std::string> server = oidc::string_member(config, "auth_server")) {
    set_default("issuer", *server);
  }
  return config;
}

}  // namespace

MultiIssuerValidator::Made MultiIssuerValidator::from_clients(std::vector<std::shared_ptr<AuthClient>> trusted,
                                                              oidc::Log log, Options options) {
  Trusted by_issuer;
  for (std::shared_ptr<AuthClient>& client : trusted) {
    if (client == nullptr) {
      continue;
    }
    const oidc::Status added = add_trusted(by_issuer, std::move(client));
    if (!added) {
      return added.error();
    }
  }
  if (by_issuer.empty()) {
    return config_error("there are none");
  }
  return std::unique_ptr<MultiIssuerValidator>{new MultiIssuerValidator{std::move(by_issuer), std::move(log), options}};
}

MultiIssuerValidator::Made MultiIssuerValidator::from_contexts(const std::vector<std::shared_ptr<Auth>>& trusted,
                                                               oidc::Log log, Options options) {
  std::vector<std::shared_ptr<AuthClient>> clients;
  for (const std::shared_ptr<Auth>& context : trusted) {
    if (context != nullptr) {
      clients.emplace_back(context, &context->client());  // keeps the context, points to its client
    }
  }
  return from_clients(std::move(clients), std::move(log), options);
}

MultiIssuerValidator::Made MultiIssuerValidator::from_auth_server_urls(const std::vector<std::string>& urls,
                                                                       const std::string& audience,
                                                                       const Environment& environment,
                                                                       Options options) {
  std::vector<oidc::Json> configs;
  for (const std::string& url : urls) {
    oidc::Json config{{"auth_server", url}};
    if (!audience.empty()) {
      config["audiences"] = oidc::Json::array({audience});
    }
    configs.push_back(std::move(config));
  }
  return from_auth_server_configs(configs, environment, options);
}

MultiIssuerValidator::Made MultiIssuerValidator::from_auth_server_configs(const std::vector<oidc::Json>& configs,
                                                                          const Environment& environment,
                                                                          Options options) {
  std::vector<std::shared_ptr<AuthClient>> clients;
  for (const oidc::Json& config : configs) {
    oidc::Result<std::unique_ptr<AuthClient>> client = make_client(completed(config), environment);
    if (!client) {
      return client.error();
    }
    clients.emplace_back(std::move(*client));
  }
  return from_clients(std::move(clients), environment.log, options);
}

// Nothing of the token is believed but whom to ask; that one then verifies it.
oidc::Result<AuthClient*> MultiIssuerValidator::find_issuer(const std::string& token) const {
  if (token.empty()) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "the token to validate is empty"};
  }
  const oidc::Result<DecodedToken> decoded = decode_unverified(token);
  if (!decoded) {
    return decoded.error();
  }
  const std::string issuer = oidc::string_member(decoded->payload, "iss").value_or("");
  if (issuer.empty()) {
    return oidc::Error{oidc::Errc::kMissingClaim, "the token does not say who issued it"};
  }
  const auto found = trusted_.find(issuer);
  if (found == trusted_.end()) {
    return oidc::Error{oidc::Errc::kBadIssuer, "the token is from an issuer that is not trusted"};
  }
  return found->second.get();
}

oidc::Result<ValidatedToken> MultiIssuerValidator::judge(const std::string& token,
                                                         const MultiIssuerChecks& checks) const {
  const oidc::Result<AuthClient*> issuer = find_issuer(token);
  if (!issuer) {
    return issuer.error();
  }
  oidc::Result<oidc::Json> claims = (*issuer)->validate_access_token_local(
      token, {.required_claims = checks.required_claims, .scopes_anyof = checks.scopes_anyof});
  if (!claims) {
    return claims.error();
  }
  ValidatedToken validated{.claims = std::move(*claims)};
  if (!checks.do_remote_revocation_check) {
    return validated;
  }
  oidc::Result<oidc::Json> reply = (*issuer)->validate_access_token_remote(token);
  if (!reply) {
    return reply.error();
  }
  const oidc::Status active = check_active(*reply);
  if (!active) {
    return active.error();
  }
  validated.remote = std::move(*reply);
  return validated;
}

oidc::Result<ValidatedToken> MultiIssuerValidator::validate_access_token(const std::string& token,
                                                                         const MultiIssuerChecks& checks) const {
  oidc::Result<ValidatedToken> result =
      log_failure(log_, judge(token, checks), {.kinds = {oidc::Errc::kInvalidToken}, .token = token});
  if (result && options_.log_result) {
    log_event(log_, oidc::LogLevel::kInfo, AuthEvent::kTokenValid, "the access token is valid", token);
  }
  return result;
}

}  // namespace authcore
