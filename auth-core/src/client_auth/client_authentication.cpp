#include "client_auth/client_authentication.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "client_auth/private_key_jwt.hpp"
#include "oidc/base64url.hpp"
#include "oidc/schema.hpp"
#include "oidc/url.hpp"

namespace authcore {
namespace {

constexpr std::array<std::pair<std::string_view, ClientAuthMethod>, 4> kMethods{{
    {"none", ClientAuthMethod::kNone},
    {"client_secret_basic", ClientAuthMethod::kSecretBasic},
    {"client_secret_post", ClientAuthMethod::kSecretPost},
    {"private_key_jwt", ClientAuthMethod::kPrivateKeyJwt},
}};

/// Asks as anybody: the server decides (D-27).
class Anonymous final : public ClientAuthentication {
 public:
  oidc::Status apply(const std::string& /*endpoint*/, oidc::Form& /*form*/, oidc::Headers& /*headers*/) const override {
    return oidc::Done{};
  }
};

/// A public client only names itself (CAUTH-001).
class NoSecret final : public ClientAuthentication {
 public:
  explicit NoSecret(std::string client_id) : client_id_{std::move(client_id)} {}

  oidc::Status apply(const std::string& /*endpoint*/, oidc::Form& form, oidc::Headers& /*headers*/) const override {
    form.set("client_id", client_id_);
    return oidc::Done{};
  }

 private:
  std::string client_id_;
};

/// HTTP Basic over form-encoded halves (RFC 6749 §2.3.1, W-41); nothing in the body.
class SecretBasic final : public ClientAuthentication {
 public:
  SecretBasic(const std::string& client_id, const std::string& client_secret)
      : header_{"Basic " + oidc::base64_encode(oidc::form_encode(client_id) + ":" + oidc::form_encode(client_secret))} {
  }

  oidc::Status apply(const std::string& /*endpoint*/, oidc::Form& form, oidc::Headers& headers) const override {
    // A second method in the body would make the request invalid (RFC 6749 §2.3).
    form.remove("client_id");
    form.remove("client_secret");
    headers.set("Authorization", header_);
    return oidc::Done{};
  }

 private:
  std::string header_;
};

class SecretPost final : public ClientAuthentication {
 public:
  SecretPost(std::string client_id, std::string client_secret)
      : client_id_{std::move(client_id)}, client_secret_{std::move(client_secret)} {}

  oidc::Status apply(const std::string& /*endpoint*/, oidc::Form& form, oidc::Headers& /*headers*/) const override {
    form.set("client_id", client_id_);
    form.set("client_secret", client_secret_);
    return oidc::Done{};
  }

 private:
  std::string client_id_;
  std::string client_secret_;
};

}  // namespace

oidc::Result<ClientAuthMethod> parse_client_auth_method(std::string_view name) {
  const auto* found =
      std::find_if(kMethods.begin(), kMethods.end(), [&](const auto& method) { return method.first == name; });
  if (found != kMethods.end()) {
    return found->second;
  }
  std::vector<std::string> names;
  std::string list;
  for (const auto& method : kMethods) {
    names.emplace_back(method.first);
    list += (list.empty() ? "" : ", ") + names.back();
  }
  return oidc::Error{oidc::Errc::kConfig,
                     "client_auth_method: expected one of " + list + oidc::did_you_mean(name, names)};
}

bool needs_secret(ClientAuthMethod method) {
  return method == ClientAuthMethod::kSecretBasic || method == ClientAuthMethod::kSecretPost;
}

std::unique_ptr<ClientAuthentication> make_client_authentication(ClientAuthMethod method,
                                                                 const ClientIdentity& identity,
                                                                 const Environment& environment) {
  switch (method) {
    case ClientAuthMethod::kAnonymous:
      return std::make_unique<Anonymous>();
    case ClientAuthMethod::kSecretBasic:
      return std::make_unique<SecretBasic>(identity.client_id, identity.client_secret);
    case ClientAuthMethod::kSecretPost:
      return std::make_unique<SecretPost>(identity.client_id, identity.client_secret);
    case ClientAuthMethod::kPrivateKeyJwt:
      return make_private_key_jwt(identity.client_id, identity.key, environment.clock, environment.random);
    case ClientAuthMethod::kNone:
      break;
  }
  return std::make_unique<NoSecret>(identity.client_id);
}

}  // namespace authcore
