#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "authcore/environment.hpp"
#include "client_auth/private_key.hpp"
#include "oidc/form.hpp"
#include "oidc/http.hpp"
#include "oidc/result.hpp"

namespace authcore {

/// How a client proves at an endpoint who it is (RFC 6749 §2.3). Thread-safe.
class ClientAuthentication {
 public:
  ClientAuthentication() = default;
  ClientAuthentication(const ClientAuthentication&) = delete;
  ClientAuthentication& operator=(const ClientAuthentication&) = delete;
  virtual ~ClientAuthentication() = default;

  /// Adds the proof to a request to `endpoint` (a URL: assertions name it as their audience).
  /// Its fields override those of the same name (TOK-008).
  virtual oidc::Status apply(const std::string& endpoint, oidc::Form& form, oidc::Headers& headers) const = 0;
};

/// The methods, as RFC 7591 §2 and OIDC Core §9 name them.
enum class ClientAuthMethod {
  kAnonymous,  ///< not even a client_id: validators only (MIV-017); has no name
  kNone,
  kSecretBasic,
  kSecretPost,
  kPrivateKeyJwt,
};
/// Errors: `kConfig` with the nearest name.
oidc::Result<ClientAuthMethod> parse_client_auth_method(std::string_view name);
bool needs_secret(ClientAuthMethod method);

/// What a client can prove itself with.
struct ClientIdentity {
  std::string client_id;
  std::string client_secret{};
  std::shared_ptr<PrivateKey> key{};
};

std::unique_ptr<ClientAuthentication> make_client_authentication(ClientAuthMethod method,
                                                                 const ClientIdentity& identity,
                                                                 const Environment& environment);

}  // namespace authcore
