#include "api_key/static_key_client.hpp"

#include <optional>
#include <utility>

#include "api_key/key_authenticator.hpp"
#include "api_key/key_config.hpp"
#include "client/config_reader.hpp"

namespace authcore {
namespace {

class StaticKeyClient final : public AuthClient {
 public:
  StaticKeyClient(const ClientType& type, std::optional<Credential> configured, Environment environment)
      : type_{type}, configured_{std::move(configured)}, environment_{std::move(environment)} {}

  std::string_view type_name() const override { return type_.info.name; }
  CredentialKind credential_kind() const override { return CredentialKind::kApiKey; }

  /// The configured key (STAT-005). Errors: `kNoCredential` if there is none.
  oidc::Result<Credential> login(const LoginOptions& /*options*/) override {
    if (!configured_) {
      return oidc::Error{oidc::Errc::kNoCredential, "api_key: the configuration has no key to log in with"};
    }
    return *configured_;
  }
  /// Without a key there is nothing to log in with, attended or not (D-08).
  bool can_login_unattended() const override { return configured_.has_value(); }
  bool has_configured_credential() const override { return configured_.has_value(); }

  std::unique_ptr<RequestAuthenticator> default_request_authenticator(CredentialLocation location,
                                                                      RefreshPolicy /*policy*/) override {
    return std::make_unique<KeyAuthenticator>(CredentialKind::kApiKey, configured_, environment_, std::move(location),
                                              KeyAuthenticator::Reading::kWheneverItChanged);
  }

 private:
  const ClientType& type_;
  std::optional<Credential> configured_;
  Environment environment_;
};

}  // namespace

oidc::Status check_static_key_config(const oidc::Json& config) {
  const auto configured = read_configured_key(config, CredentialKind::kApiKey);
  return configured ? oidc::Status{oidc::Done{}} : configured.error();
}

oidc::Result<std::unique_ptr<AuthClient>> make_static_key_client(const ClientType& type, const oidc::Json& config,
                                                                 Environment environment) {
  auto configured = read_configured_key(config, CredentialKind::kApiKey);
  if (!configured) {
    return std::move(configured).error();
  }
  for (const std::string& key : keys_except(config, {"api_key", "bearer_token_prefix"})) {
    environment.log.debug("config_key_unknown", {{"key", key}});
  }
  return std::unique_ptr<AuthClient>{
      std::make_unique<StaticKeyClient>(type, *std::move(configured), std::move(environment))};
}

}  // namespace authcore
