#include "authcore/client.hpp"
#include "client/client_context.hpp"
#include "client/refresh_reply.hpp"
#include "flows/flow.hpp"

namespace authcore {
namespace {

RetryPolicy retry_policy(const ClientConfig& config) {
  RetryPolicy policy;
  policy.retry_after_cap = config.max_retry_after.value_or(policy.retry_after_cap);
  return policy;
}

std::unique_ptr<ClientAuthentication> authentication(const ClientConfig& config, ClientAuthMethod by_type) {
  return make_client_authentication(config.client_auth_method.value_or(by_type), config.client_id,
                                    config.client_secret);
}

/// A flow and a client authentication at one server.
class ComposedClient final : public AuthClient {
 public:
  ComposedClient(ClientConfig config, Environment environment)
      : context_{std::move(config), std::move(environment)}, flow_{context_.config.type->make_flow(context_)} {}

  oidc::Result<OidcCredential> login(const LoginOptions& options) override { return flow_->login(options); }
  bool can_login_unattended() const override { return flow_->is_unattended(); }

  oidc::Result<DeviceAuthorization> device_login_initiate(const LoginOptions& options) override {
    return flow_->device_initiate(options);
  }
  oidc::Result<OidcCredential> device_login_complete(const DeviceAuthorization& authorization) override {
    return flow_->device_complete(authorization);
  }

  oidc::Result<OidcCredential> refresh(const OidcCredential& current) override;

  oidc::Result<oidc::Json> validate_access_token_local(const std::string& token,
                                                       const std::vector<std::string>& scopes_anyof) override {
    return context_.checks.access_token(token, scopes_anyof);
  }
  oidc::Result<oidc::Json> validate_id_token_local(const std::string& token) override {
    return context_.checks.id_token(token);
  }

 private:
  ClientContext context_;
  std::unique_ptr<Flow> flow_;  // refers to context_
};

oidc::Result<OidcCredential> ComposedClient::refresh(const OidcCredential& current) {
  const std::optional<std::string> token = current.refresh_token();
  if (!token || token->empty()) {
    return oidc::Error{oidc::Errc::kNoCredential, "there is no refresh token to redeem"};
  }
  const oidc::Result<oidc::Json> response =
      context_.tokens.request({{"grant_type", "refresh_token"}, {"refresh_token", *token}}, *context_.authentication);
  if (!response) {
    return response.error();
  }
  const oidc::TimePoint received = context_.environment.clock.now();  // fetching keys takes time
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
      http{environment, retry_policy(config)},
      discovery{config, http, environment.clock},
      tokens{discovery, http, environment.clock},
      checks{config, discovery, environment},
      authentication{authcore::authentication(config, config.type->authentication)},
      login_authentication{authcore::authentication(config, config.type->login_authentication)} {}

oidc::Result<std::unique_ptr<AuthClient>> make_client(const oidc::Json& config, Environment environment) {
  oidc::Result<ClientConfig> parsed = parse_client_config(config);
  if (!parsed) {
    return parsed.error();
  }
  for (const std::string& key : unknown_keys(config)) {
    environment.log.debug("config_key_unknown", {{"key", key}});
  }
  return std::unique_ptr<AuthClient>{std::make_unique<ComposedClient>(std::move(*parsed), std::move(environment))};
}

}  // namespace authcore
