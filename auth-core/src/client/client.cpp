#include "authcore/client.hpp"

#include "client/client_config.hpp"
#include "client/client_type.hpp"
#include "client/sender_config.hpp"
#include "client/userinfo.hpp"

namespace authcore {

oidc::Error AuthClient::unsupported(std::string_view operation) const {
  return {oidc::Errc::kUnsupportedByClient, std::string{type_name()} + " clients have no " + std::string{operation}};
}

oidc::Result<Credential> AuthClient::login(const LoginOptions& /*options*/) {
  return unsupported("login");
}

oidc::Result<DeviceAuthorization> AuthClient::device_login_initiate(const LoginOptions& /*options*/) {
  return unsupported("device login");
}

oidc::Result<Credential> AuthClient::device_login_complete(const DeviceAuthorization& /*authorization*/) {
  return unsupported("device login");
}

oidc::Result<Credential> AuthClient::refresh(const Credential& /*current*/, const RefreshOptions& /*options*/) {
  return unsupported("refresh");
}

oidc::Status AuthClient::revoke_access_token(const std::string& /*token*/) {
  return unsupported("token revocation");
}

oidc::Status AuthClient::revoke_refresh_token(const std::string& /*token*/) {
  return unsupported("token revocation");
}

oidc::Result<oidc::Json> AuthClient::userinfo(const std::string& /*access_token*/) {
  return unsupported("userinfo");
}

oidc::Result<oidc::Json> AuthClient::userinfo(const Credential& login) {
  oidc::Result<oidc::Json> claims = userinfo(login.access_token().value_or(""));
  if (!claims) {
    return claims;
  }
  const oidc::Status same = check_userinfo_subject(*claims, login);
  return same ? claims : same.error();
}

oidc::Result<oidc::Json> AuthClient::oidc_discovery() {
  return unsupported("discovery");
}

oidc::Result<std::vector<std::string>> AuthClient::get_scopes() {
  return unsupported("list of scopes");
}

oidc::Result<std::string> AuthClient::issuer() {
  return unsupported("issuer");
}

oidc::Result<oidc::Json> AuthClient::validate_access_token_local(const std::string& /*token*/,
                                                                 const AccessTokenChecks& /*checks*/) {
  return unsupported("token validation");
}

oidc::Result<oidc::Json> AuthClient::validate_id_token_local(const std::string& /*token*/) {
  return unsupported("token validation");
}

oidc::Result<oidc::Json> AuthClient::validate_access_token_remote(const std::string& /*token*/) {
  return unsupported("token validation");
}

oidc::Result<oidc::Json> AuthClient::validate_id_token_remote(const std::string& /*token*/) {
  return unsupported("token validation");
}

oidc::Result<oidc::Json> AuthClient::validate_refresh_token_remote(const std::string& /*token*/) {
  return unsupported("token validation");
}

oidc::Result<std::unique_ptr<AuthClient>> make_client(const oidc::Json& config, Environment environment) {
  const oidc::Result<const ClientType*> type = read_client_type(config);
  if (!type) {
    return type.error();
  }
  oidc::Result<Sender> sender = read_sender(config, std::move(environment.sender));
  if (!sender) {
    return sender.error();
  }
  environment.sender = *std::move(sender);
  return (*type)->make(**type, config, std::move(environment));
}

}  // namespace authcore
