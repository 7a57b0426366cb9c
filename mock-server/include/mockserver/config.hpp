#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "oidc/json.hpp"
#include "oidc/jwk.hpp"
#include "oidc/result.hpp"

namespace mockserver {

/// How a client proves who it is (RFC 6749 §2.3, OIDC Core §9).
enum class ClientAuthMethod { kNone, kSecretBasic, kSecretPost, kPrivateKeyJwt };
/// "none", "client_secret_basic", "client_secret_post", "private_key_jwt".
std::string_view to_string(ClientAuthMethod method);

/// A registered client.
struct ClientConfig {
  std::string id;
  ClientAuthMethod auth = ClientAuthMethod::kNone;
  std::string secret;                      ///< "" for clients without
  std::vector<oidc::Jwk> keys;             ///< public keys for private_key_jwt
  std::vector<std::string> grants;         ///< allowed grant types; the device grant by its short name "device_code"
  std::vector<std::string> redirect_uris;  ///< exact; a loopback URI matches any port (RFC 8252 §7.3)
};

struct UserConfig {
  std::string sub;       ///< also the name to log in with
  std::string password;  ///< for the password grant; "" for none
  oidc::Json claims;     ///< further claims for userinfo and ID tokens
};

/// Lifetimes in seconds. An absent `refresh` never expires.
struct Lifetimes {
  std::chrono::seconds code{60};
  std::chrono::seconds access{3600};
  std::chrono::seconds id{3600};
  std::chrono::seconds device{600};
  std::optional<std::chrono::seconds> refresh;
};

enum class AccessTokenFormat { kJwt, kOpaque };
/// What a successful refresh does to the refresh token.
enum class RefreshPolicy { kRotate, kSame };
/// Who answers the authorization request: nobody needs to, or the control API does.
enum class Interaction { kAuto, kApi };
enum class Decision { kPending, kApprove, kDeny };

struct DeviceConfig {
  std::chrono::seconds interval{5};
  Decision decision = Decision::kPending;  ///< what the user will do …
  std::chrono::seconds decide_after{0};    ///< … and when, counted from the device authorization request
};

/// Everything that makes one issuer; the JSON form is `schema/issuer.schema.json`.
struct IssuerConfig {
  std::vector<ClientConfig> clients;
  std::vector<UserConfig> users;
  std::vector<std::string> scopes;
  std::string audience;  ///< `aud` of JWT access tokens
  Lifetimes lifetimes;
  AccessTokenFormat access_token = AccessTokenFormat::kJwt;
  RefreshPolicy refresh = RefreshPolicy::kRotate;
  std::chrono::seconds refresh_grace{0};  ///< a used refresh token may come again so long, while no successor was used
  DeviceConfig device;
  Interaction interaction = Interaction::kAuto;
  std::string signing_alg =
      "RS256";                   ///< "RS256", "PS256", "ES256" or "EdDSA"; an RSA and another key are always published
  bool omit_expires_in = false;  ///< token responses without `expires_in` (allowed by RFC 6749 §5.1)
  std::size_t journal_max = 10'000;  ///< exchanges that the journal keeps; the oldest go first
  std::uint64_t seed = 1;            ///< drives every identifier and token of this issuer
};

/// The issuer of a quick start and of every scenario: public client "app" (all grants but
/// client_credentials), confidential clients "service" (client_secret_basic) and
/// "service-post" (client_secret_post) with secret "s3cr3t:/%é+", "service-jwt" (private_key_jwt) with
/// `client_private_key`, user "user-1" with password "p4ss:/%ö+ word", scopes openid offline_access profile api.
oidc::Json default_issuer_config();
/// PEM (PKCS#8) of the RSA key that the default client "service-jwt" signs with. Public, for tests only.
std::string_view client_private_key();

/// Applies `overlay` (RFC 7396 merge patch; arrays replace) to the default and parses it.
/// Errors: `kBadInput`, the message starts with the JSON Pointer into the overlay.
oidc::Result<IssuerConfig> parse_issuer_config(const oidc::Json& overlay);

}  // namespace mockserver
