#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oidc/json.hpp"
#include "oidc/jwk.hpp"
#include "oidc/result.hpp"

/// What makes an issuer, as values; the JSON form of all of it is `schema/issuer.schema.json`.
namespace mockserver {

/// How a client proves who it is (RFC 6749 §2.3, OIDC Core §9).
enum class ClientAuthMethod { kNone, kSecretBasic, kSecretPost, kSecretJwt, kPrivateKeyJwt };
/// "none", "client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt".
std::string_view to_string(ClientAuthMethod method);

/// Lifetimes in seconds. An absent `refresh` or `session` never ends.
struct Lifetimes {
  std::chrono::seconds code{60};
  std::chrono::seconds access{3600};
  std::chrono::seconds id{3600};
  std::chrono::seconds device{600};
  std::chrono::seconds par{90};                   ///< `request_uri`s of pushed authorization requests
  std::optional<std::chrono::seconds> refresh{};  ///< each refresh token, from its own issue: sliding
  std::optional<std::chrono::seconds> session{};  ///< the whole family, from the login: absolute
};

enum class AccessTokenFormat { kJwt, kOpaque };
/// What a successful refresh does to the refresh token: a new one, the same again, or none in the reply
/// while the old one stays good (RFC 6749 §6).
enum class RefreshPolicy { kRotate, kSame, kOmit };
/// What a second use of a rotated refresh token does (RFC 9700 §4.14.2).
enum class ReusePolicy { kRevokeFamily, kReject, kAccept };
/// What becomes of a request that asks for a scope which the issuer doesn't know (RFC 6749 §3.3): granted without it,
/// by itself only if it asks for openid, too (OIDC Core §3.1.2.1), or refused.
enum class UnknownScopes { kIgnoreIfOpenId, kIgnore, kRefuse };
/// Who answers the authorization request: nobody needs to, the control API does, or a person on a page.
enum class Interaction { kAuto, kApi, kForm };
enum class Decision { kPending, kApprove, kDeny };

/// A registered client. What is absent is as the issuer has it.
struct ClientConfig {
  std::string id;
  ClientAuthMethod auth = ClientAuthMethod::kNone;
  std::string secret;                      ///< "" for clients without
  std::vector<oidc::Jwk> keys;             ///< public keys for private_key_jwt and encryption
  std::vector<std::string> grants;         ///< allowed grant types, by short name: "device_code", "token_exchange"
  std::vector<std::string> redirect_uris;  ///< exact; a loopback URI matches any port (RFC 8252 §7.3)
  std::vector<std::string> post_logout_redirect_uris{};
  std::optional<std::vector<std::string>> scopes{};  ///< the only ones it may ask for
  oidc::Json audience{};                             ///< a string or an array of them; null: the issuer's
  std::optional<Lifetimes> lifetimes{};              ///< the issuer's with the client's own laid over
  std::optional<AccessTokenFormat> access_token{};
  std::optional<RefreshPolicy> refresh{};
  std::string id_token_alg{};            ///< id_token_signed_response_alg, "HS256" with the secret; "": the issuer's
  std::string id_token_encrypted_alg{};  ///< RSA-OAEP or RSA-OAEP-256, with the RSA key of `keys`; "": not encrypted
  std::string id_token_encrypted_enc{};  ///< A128GCM, A192GCM or A256GCM
  std::string userinfo_alg{};            ///< userinfo_signed_response_alg; "": userinfo as plain JSON
  bool pairwise = false;     ///< subject_type: `sub` is another one for each sector of clients (OIDC Core §8.1)
  bool require_par = false;  ///< require_pushed_authorization_requests (RFC 9126 §6)
  bool dpop_bound = false;   ///< dpop_bound_access_tokens (RFC 9449 §5.2)
};

struct UserConfig {
  std::string sub;                                  ///< also the name to log in with
  std::string password{};                           ///< for the password grant and the login page; "" for none
  oidc::Json claims = oidc::Json::object();         ///< further claims for userinfo and ID tokens
  oidc::Json access_claims = oidc::Json::object();  ///< further claims for JWT access tokens
  bool denies = false;                              ///< says no to every request
  std::string acr{};                                ///< authentication context class; "" for none
  std::vector<std::string> amr{};                   ///< authentication methods (RFC 8176)
};

struct DeviceConfig {
  std::chrono::seconds interval{5};
  Decision decision = Decision::kPending;  ///< what the user will do …
  std::chrono::seconds decide_after{0};    ///< … and when, counted from the device authorization request
};

/// Further claims for every token of a kind. Strings may hold {{request.NAME}} (a parameter of the request that
/// led to the token), {{client.id}}, {{user.sub}}, {{now}} and {{uuid}}.
struct ClaimTemplates {
  oidc::Json access = oidc::Json::object();
  oidc::Json id = oidc::Json::object();
  oidc::Json userinfo = oidc::Json::object();
};

/// Where the issuer is milder than the specifications, each by its name in `lenient`.
struct Leniency {
  bool any_client = false;            ///< unknown client ids are public clients with every grant and redirect URI
  bool any_redirect_uri = false;      ///< redirect URIs are not compared
  bool any_secret = false;            ///< client secrets are not compared
  bool any_auth_method = false;       ///< a client may authenticate otherwise than it is registered for
  bool any_scope = false;             ///< unknown scopes are granted
  bool no_pkce = false;               ///< public clients may leave PKCE out; the method "plain" works
  bool json_body = false;             ///< JSON bodies count as forms
  bool query_parameters = false;      ///< parameters may stand in the query of a POST
  bool duplicate_parameters = false;  ///< the first of a repeated parameter counts
};

/// Where the endpoints are. Names as in `When::endpoint`.
struct EndpointSettings {
  std::vector<std::string> disabled{};
  std::map<std::string, std::string, std::less<>> paths{};  ///< below the base URL, starting with '/'
};

/// An API that checks the tokens it is shown, below /resource: the client's second half of a test.
struct ResourceConfig {
  std::string path;                   ///< "/orders", served as /resource/orders and below
  std::vector<std::string> scopes{};  ///< all of them are needed
  std::string audience{};             ///< must be in `aud`; "": any
};

/// A group of scopes that get an access token of their own, told in `other_tokens` as Globus Auth does.
struct ResourceServerConfig {
  std::string id;  ///< `resource_server`, and the audience of its tokens
  std::vector<std::string> scopes{};
};

/// Somebody else whose JWTs are taken as authorization grants (RFC 7523 §2.1) and subject tokens.
struct TrustedIssuer {
  std::string issuer;
  std::vector<oidc::Jwk> keys;
};

struct KeyConfig {
  bool generate = false;             ///< new keys, not the built-in test keys (takes longer)
  std::string jwks_cache_control{};  ///< of the JWKS and the discovery document; "": none
  std::string jwks_content_type = "application/json";
  bool x5c = false;  ///< the JWKS has certificates (RFC 7517 §4.7)
};

struct DpopConfig {
  bool required = false;  ///< every token request needs a proof (RFC 9449)
  bool nonce = false;     ///< proofs need the server's nonce (RFC 9449 §8)
};

struct CorsConfig {
  bool enabled = true;
  std::vector<std::string> origins{};  ///< only these, with credentials; empty: any, without
};

/// Everything that makes one issuer.
struct IssuerConfig {
  std::vector<ClientConfig> clients;
  std::vector<UserConfig> users;
  std::vector<std::string> scopes;
  UnknownScopes unknown_scopes = UnknownScopes::kIgnoreIfOpenId;
  oidc::Json audience{};                 ///< `aud` of JWT access tokens: a string or an array of them
  std::vector<std::string> audiences{};  ///< what requests may ask for by `resource` (RFC 8707) or `audience`
  Lifetimes lifetimes{};
  AccessTokenFormat access_token = AccessTokenFormat::kJwt;
  RefreshPolicy refresh = RefreshPolicy::kRotate;
  ReusePolicy refresh_reuse = ReusePolicy::kRevokeFamily;
  std::chrono::seconds refresh_grace{0};  ///< a used refresh token may come again so long, while no successor was used
  DeviceConfig device{};
  Interaction interaction = Interaction::kAuto;
  /// What ID and access tokens are signed by: RS, PS, ES 256/384/512 or EdDSA. An RSA and another key are
  /// always published.
  std::string signing_alg = "RS256";
  KeyConfig keys{};
  ClaimTemplates claims{};
  bool omit_expires_in = false;  ///< token responses without `expires_in` (allowed by RFC 6749 §5.1)
  bool trailing_slash = false;   ///< the issuer identifier ends with '/'
  std::chrono::seconds skew{0};  ///< how far the issuer's time is ahead of its clock
  Leniency lenient{};
  EndpointSettings endpoints{};
  oidc::Json metadata = oidc::Json::object();  ///< merge patch on the discovery document; may have ${placeholders}
  std::string second_origin{};                 ///< ${second_origin}: another one that the host answers at; "": none
  bool registration = false;                   ///< dynamic client registration is open (RFC 7591)
  bool require_par = false;
  DpopConfig dpop{};
  CorsConfig cors{};
  std::vector<ResourceConfig> resources{};
  std::vector<ResourceServerConfig> resource_servers{};
  std::vector<TrustedIssuer> trusted_issuers{};
  std::size_t journal_max = 10'000;           ///< exchanges that the journal keeps; the oldest go first
  std::uint64_t seed = 1;                     ///< drives every identifier and token of this issuer
  oidc::Json written = oidc::Json::object();  ///< the overlay that it was parsed from
};

/// The issuer of a quick start and, with plain secrets, of every scenario: public client "app" (all grants but
/// client_credentials), confidential clients "service" (client_secret_basic) and
/// "service-post" (client_secret_post) with secret "s3cr3t:/%é+", "service-jwt" (private_key_jwt) with
/// `client_private_key`, user "user-1" with password "p4ss:/%ö+ word", scopes openid offline_access profile email
/// address phone api.
oidc::Json default_issuer_config();
/// PEM (PKCS#8) of the RSA key that the default client "service-jwt" signs with. Public, for tests only.
std::string_view client_private_key();

/// Applies `overlay` (RFC 7396 merge patch; arrays replace) to the default and parses it.
/// Errors: `kBadInput`, the message starts with the JSON Pointer into the overlay.
oidc::Result<IssuerConfig> parse_issuer_config(const oidc::Json& overlay);

/// `over` laid over the overlay `below`, as one overlay: nulls stay, so that they still remove from the default.
oidc::Json join_overlays(oidc::Json below, const oidc::Json& over);

/// A client or a user alone, as the control API puts them into a running issuer; absent members are as in
/// `parse_issuer_config`. Errors: `kBadInput` with the JSON Pointer into `json`.
oidc::Result<ClientConfig> parse_client_config(const oidc::Json& json, const IssuerConfig& issuer);
oidc::Result<UserConfig> parse_user_config(const oidc::Json& json);

/// What holds for a client: its own setting, else the issuer's. `client` may be null.
const Lifetimes& lifetimes_of(const IssuerConfig& issuer, const ClientConfig* client);
AccessTokenFormat access_token_of(const IssuerConfig& issuer, const ClientConfig* client);
RefreshPolicy refresh_of(const IssuerConfig& issuer, const ClientConfig* client);
const oidc::Json& audience_of(const IssuerConfig& issuer, const ClientConfig* client);
/// The RSA key among the client's that ID tokens are encrypted for; null if there is none.
const oidc::Jwk* encryption_key_of(const ClientConfig& client);
const std::string& id_token_alg_of(const IssuerConfig& issuer, const ClientConfig* client);

}  // namespace mockserver
