#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "oidc/form.hpp"
#include "oidc/http.hpp"
#include "oidc/result.hpp"

namespace authcore {

/// How a client proves at an endpoint who it is (RFC 6749 §2.3). Immutable, thread-safe.
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

/// The methods, as RFC 7591 §2 names them.
enum class ClientAuthMethod { kNone, kSecretBasic, kSecretPost };
/// Errors: `kConfig` with the nearest name.
oidc::Result<ClientAuthMethod> parse_client_auth_method(std::string_view name);
bool needs_secret(ClientAuthMethod method);

std::unique_ptr<ClientAuthentication> make_client_authentication(ClientAuthMethod method, std::string client_id,
                                                                 std::string client_secret);

}  // namespace authcore
