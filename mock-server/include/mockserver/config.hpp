#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "oidc/json.hpp"
#include "oidc/result.hpp"

namespace mockserver {

/// How a client proves who it is (RFC 6749 §2.3, OIDC Core §9).
enum class ClientAuthMethod { kNone, kSecretBasic, kSecretPost };
/// "none", "client_secret_basic", "client_secret_post".
std::string_view to_string(ClientAuthMethod method);

/// A registered client.
struct ClientConfig {
  std::string id;
  ClientAuthMethod auth = ClientAuthMethod::kNone;
  std::string secret;                      ///< "" for public clients
  std::vector<std::string> grants;         ///< allowed grant types; the device grant by its short name "device_code"
  std::vector<std::string> redirect_uris;  ///< exact; a loopback URI matches any port (RFC 8252 §7.3)
};

struct UserConfig {
  std::string sub;
  oidc::Json claims;  ///< further claims for userinfo and ID tokens
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
  DeviceConfig device;
  Interaction interaction = Interaction::kAuto;
  std::string signing_alg = "RS256";  ///< "RS256" or "ES256"; both keys are always published
  bool omit_expires_in = false;       ///< token responses without `expires_in` (allowed by RFC 6749 §5.1)
  std::size_t journal_max = 10'000;   ///< exchanges that the journal keeps; the oldest go first
  std::uint64_t seed = 1;             ///< drives every identifier and token of this issuer
};

/// The issuer of a quick start and of every scenario: public client "app" (all grants but
/// client_credentials), confidential clients "service" (client_secret_basic) and
/// "service-post" (client_secret_post) with secret "s3cr3t:/%é+", user "user-1",
/// scopes openid offline_access profile api.
oidc::Json default_issuer_config();

/// Applies `overlay` (RFC 7396 merge patch; arrays replace) to the default and parses it.
/// Errors: `kBadInput`, the message starts with the JSON Pointer into the overlay.
oidc::Result<IssuerConfig> parse_issuer_config(const oidc::Json& overlay);

}  // namespace mockserver
