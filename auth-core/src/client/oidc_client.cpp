#include "client/oidc_client.hpp"

#include <algorithm>

#include "authcore/authenticator.hpp"
#include "client/client_context.hpp"
#include "client/introspection.hpp"
#include "client/refresh_reply.hpp"
#include "client/revocation.hpp"
#include "client/userinfo.hpp"
#include "flows/flow.hpp"
#include "flows/request_parameters.hpp"

namespace authcore {
namespace {

RetryPolicy retry_policy(const ClientConfig& config) {
  RetryPolicy policy;
  policy.retry_after_cap = config.max_retry_after.value_or(policy.retry_after_cap);
  return policy;
}

// The key is shared, so that it is read once (CFG-011).
ClientIdentity identity_of(const ClientConfig& config) {
  return {config.client_id, config.client_secret, std::make_shared<PrivateKey>(config.private_key)};
}

/// A flow and a client authentication at one server.
class OidcClient final : public AuthClient {
 public:
  OidcClient(ClientConfig config, Environment environment)
      : context_{std::move(config), std::move(environment)}, flow_{context_.config.type->oidc.make_flow(context_)} {}

  std::string_view type_name() const override { return context_.config.type->info.name; }

  oidc::Result<Credential> login(const LoginOptions& options) override { return flow_->login(options); }
  bool can_login_unattended() const override { return flow_->is_unattended(); }

  oidc::Result<DeviceAuthorization> device_login_initiate(const LoginOptions& options) override {
    return flow_->device_initiate(options);
  }
  oidc::Result<Credential> device_login_complete(const DeviceAuthorization& authorization) override {
    return flow_->device_complete(authorization);
  }

  using AuthClient::refresh;
  oidc::Result<Credential> refresh(const Credential& current, const RefreshOptions& options) override;

  oidc::Result<std::string> issuer() override { return context_.discovery.issuer(); }
  std::string audience() const override { return context_.config.audience; }
  oidc::Status revoke_access_token(const std::string& token) override {
    return revoke(context_, token, "access_token");
  }
  oidc::Status revoke_refresh_token(const std::string& token) override {
    return revoke(context_, token, "refresh_token");
  }
  using AuthClient::userinfo;
  oidc::Result<oidc::Json> userinfo(const std::string& access_token) override {
    return fetch_userinfo(context_, access_token);
  }
  oidc::Result<oidc::Json> oidc_discovery() override;
  oidc::Result<std::vector<std::string>> get_scopes() override;

  oidc::Result<oidc::Json> validate_access_token_local(const std::string& token,
                                                       const AccessTokenChecks& checks) override {
    return context_.checks.access_token(token, checks);
  }
  oidc::Result<oidc::Json> validate_id_token_local(const std::string& token) override {
    return context_.checks.id_token(token);
  }
  oidc::Result<oidc::Json> validate_access_token_remote(const std::string& token) override {
    return introspect(context_, token, "access_token");
  }
  oidc::Result<oidc::Json> validate_id_token_remote(const std::string& token) override {
    return introspect(context_, token, "id_token");
  }
  oidc::Result<oidc::Json> validate_refresh_token_remote(const std::string& token) override {
    return introspect(context_, token, "refresh_token");
  }

  std::unique_ptr<RequestAuthenticator> default_request_authenticator(CredentialLocation location,
                                                                      RefreshPolicy policy) override {
    if (!has_identity()) {
      return make_forbidden_authenticator("a client that only validates tokens cannot authenticate requests");
    }
    const auto make = can_login_unattended() ? make_refresh_or_relogin_authenticator : make_refreshing_authenticator;
    return make(*this, context_.environment, std::move(location), policy);
  }

 private:
  bool has_identity() const { return context_.config.type->oidc.has_identity; }

  ClientContext context_;
  std::unique_ptr<Flow> flow_;  // refers to context_
};

oidc::Result<oidc::Json> OidcClient::oidc_discovery() {
  const oidc::Result<std::shared_ptr<const oidc::Json>> document = context_.discovery.document();
  if (!document) {
    return document.error();
  }
  return **document;
}

oidc::Result<std::vector<std::string>> OidcClient::get_scopes() {
  const oidc::Result<std::shared_ptr<const oidc::Json>> document = context_.discovery.document();
  if (!document) {
    return document.error();
  }
  const auto scopes = (*document)->find("scopes_supported");
  if (scopes == (*document)->end() || scopes->is_null()) {
    return std::vector<std::string>{};
  }
  const auto is_string = [](const oidc::Json& scope) { return scope.is_string(); };
  if (!scopes->is_array() || !std::all_of(scopes->begin(), scopes->end(), is_string)) {
    return oidc::Error{oidc::Errc::kMalformedResponse, "server metadata: scopes_supported is not a list of strings"};
  }
  return scopes->get<std::vector<std::string>>();
}

oidc::Result<Credential> OidcClient::refresh(const Credential& current, const RefreshOptions& options) {
  if (!has_identity()) {
    return AuthClient::refresh(current, options);
  }
  const std::optional<std::string> token = current.refresh_token();
  if (!token || token->empty()) {
    return oidc::Error{oidc::Errc::kNoCredential, "there is no refresh token to redeem"};
  }
  const oidc::Result<oidc::Json> response =
      context_.tokens.request(refresh_parameters(*token, options), *context_.authentication);
  if (!response) {
    return response.error();
  }
  const oidc::TimePoint received = context_.environment.clock.now();  // fetching keys takes time
  if (options.keep_at_once && response->contains("id_token")) {
    oidc::Json certain = *response;
    certain.erase("id_token");
    const oidc::Result<Credential> tokens = current.refreshed_with(certain, received);
    if (tokens) {
      options.keep_at_once(*tokens);
    }
  }
  const oidc::Result<oidc::Json> adoptable =
      adoptable_reply(*response, current, context_.checks, context_.environment.log);
  if (!adoptable) {
    return adoptable.error();
  }
  return current.refreshed_with(*adoptable, received);
}

}  // namespace

ClientContext::ClientContext(ClientConfig parsed, Environment outside)
    : config{std::move(parsed)},
      environment{std::move(outside)},
      identity{identity_of(config)},
      http{environment, retry_policy(config)},
      discovery{config, http, environment},
      tokens{discovery, http, environment.clock},
      checks{config, discovery, environment},
      authentication{make_client_authentication(config.client_auth_method.value_or(config.type->oidc.authentication),
                                                identity, environment)},
      login_authentication{make_client_authentication(
          config.client_auth_method.value_or(config.type->oidc.login_authentication), identity, environment)} {}

oidc::Result<std::unique_ptr<AuthClient>> make_oidc_client(const ClientType& /*type*/, const oidc::Json& config,
                                                           Environment environment) {
  oidc::Result<ClientConfig> parsed = parse_client_config(config);
  if (!parsed) {
    return parsed.error();
  }
  for (const std::string& key : unknown_keys(config)) {
    environment.log.debug("config_key_unknown", {{"key", key}, {"nearest", nearest_key(key)}});
  }
  return std::unique_ptr<AuthClient>{std::make_unique<OidcClient>(std::move(*parsed), std::move(environment))};
}

}  // namespace authcore
