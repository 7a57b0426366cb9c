#include "api_key/noop_client.hpp"

#include <utility>

#include "authcore/authenticator.hpp"
#include "client/config_reader.hpp"

namespace authcore {
namespace {

class NoopAuthenticator final : public RequestAuthenticator {
 public:
  explicit NoopAuthenticator(std::string planet_app) : planet_app_{std::move(planet_app)} {}

  oidc::Result<Authorization> authorization() override { return Authorization{"", "", planet_app_}; }
  bool is_initialized() override { return true; }
  oidc::Result<std::optional<Credential>> credential() override { return std::optional{Credential::none()}; }
  oidc::Status update_credential(Credential credential) override {
    if (credential.kind() != CredentialKind::kNone) {
      return oidc::Error{oidc::Errc::kInvalidArgument, "a context without authentication takes no credential"};
    }
    return oidc::Done{};
  }
  oidc::Status update_credential_data(const oidc::Json& /*data*/) override {
    return oidc::Error{oidc::Errc::kInvalidArgument, "a context without authentication takes no credential"};
  }
  oidc::Status forget() override { return oidc::Done{}; }

 private:
  std::string planet_app_;
};

class NoopClient final : public AuthClient {
 public:
  NoopClient(const ClientType& type, std::string planet_app) : type_{type}, planet_app_{std::move(planet_app)} {}

  std::string_view type_name() const override { return type_.info.name; }
  CredentialKind credential_kind() const override { return CredentialKind::kNone; }

  oidc::Result<Credential> login(const LoginOptions& /*options*/) override { return Credential::none(); }
  bool can_login_unattended() const override { return true; }
  bool has_configured_credential() const override { return true; }

  using AuthClient::refresh;
  oidc::Result<Credential> refresh(const Credential& /*current*/, const RefreshOptions& /*options*/) override {
    return Credential::none();
  }
  oidc::Status revoke_access_token(const std::string& /*token*/) override { return oidc::Done{}; }
  oidc::Status revoke_refresh_token(const std::string& /*token*/) override { return oidc::Done{}; }
  oidc::Result<std::vector<std::string>> get_scopes() override { return std::vector<std::string>{}; }

  oidc::Result<oidc::Json> validate_access_token_local(const std::string& /*token*/,
                                                       const AccessTokenChecks& /*checks*/) override {
    return oidc::Json::object();
  }
  oidc::Result<oidc::Json> validate_id_token_local(const std::string& /*token*/) override {
    return oidc::Json::object();
  }
  oidc::Result<oidc::Json> validate_access_token_remote(const std::string& /*token*/) override {
    return oidc::Json::object();
  }
  oidc::Result<oidc::Json> validate_id_token_remote(const std::string& /*token*/) override {
    return oidc::Json::object();
  }
  oidc::Result<oidc::Json> validate_refresh_token_remote(const std::string& /*token*/) override {
    return oidc::Json::object();
  }

  std::unique_ptr<RequestAuthenticator> default_request_authenticator(CredentialLocation /*location*/,
                                                                      RefreshPolicy /*policy*/) override {
    return std::make_unique<NoopAuthenticator>(planet_app_);
  }

 private:
  const ClientType& type_;
  std::string planet_app_;
};

}  // namespace

oidc::Status check_noop_config(const oidc::Json& /*config*/) {
  return oidc::Done{};
}

oidc::Result<std::unique_ptr<AuthClient>> make_noop_client(const ClientType& type, const oidc::Json& config,
                                                           Environment environment) {
  for (const std::string& key : keys_except(config, {})) {
    environment.log.debug("config_key_unknown", {{"key", key}});
  }
  return std::unique_ptr<AuthClient>{std::make_unique<NoopClient>(type, std::move(environment.sender.planet_app))};
}

}  // namespace authcore
