#include "api_key/planet_legacy_client.hpp"

#include <optional>
#include <utility>

#include "api_key/key_authenticator.hpp"
#include "api_key/key_config.hpp"
#include "authcore/decoded_token.hpp"
#include "client/config_reader.hpp"
#include "client/endpoint_url.hpp"
#include "http/header_token.hpp"
#include "http/policy.hpp"
#include "http/reply.hpp"

namespace authcore {
namespace {

using oidc::Errc;
using oidc::Error;

constexpr const char* kEndpointKey = "legacy_auth_endpoint";

struct Account {
  std::string email;
  std::string password;
};

/// The given value, or what the user answers (LEG-003, D-22).
oidc::Result<std::string> given_or_asked(const std::string& given, const LoginOptions& options,
                                         const std::string& question, bool is_secret) {
  if (!given.empty()) {
    return given;
  }
  if (!options.allow_tty_prompt || !options.prompt) {
    return Error{Errc::kInteractionRequired, "this login needs a user name and a password, and may not ask for them"};
  }
  auto answer = options.prompt(question, is_secret);
  if (answer && answer->empty()) {
    return Error{Errc::kInvalidArgument, "nothing was entered for: " + question};
  }
  return answer;
}

oidc::Result<Account> account_of(const LoginOptions& options) {
  auto email = given_or_asked(options.username, options, "User name (email)", false);
  if (!email) {
    return std::move(email).error();
  }
  auto password = given_or_asked(options.password, options, "Password", true);
  if (!password) {
    return std::move(password).error();
  }
  return Account{*std::move(email), *std::move(password)};
}

Error malformed(const char* why) {
  Error error{Errc::kMalformedResponse, std::string{"legacy login endpoint: "} + why};
  error.http_status = 200;
  return error;
}

/// The key is a claim of the JWT that comes, which nobody verifies: the server told it over TLS (LEG-002).
oidc::Result<Credential> read_key(const oidc::Json& response, oidc::TimePoint now) {
  const auto jwt = oidc::string_member(response, "token");
  if (!jwt) {
    return malformed("the reply has no token");
  }
  const oidc::Result<DecodedToken> decoded = decode_unverified(*jwt);
  if (!decoded) {
    return malformed("the token is no JWT");
  }
  const std::string key = oidc::string_member(decoded->payload, "api_key").value_or("");
  if (!is_header_token(key)) {
    return malformed("the token has no usable claim api_key");
  }
  return Credential::from_json(CredentialKind::kPlanetLegacy, {{"key", key}, {"jwt", *jwt}}, now);
}

class PlanetLegacyClient final : public AuthClient {
 public:
  PlanetLegacyClient(const ClientType& type, std::string endpoint, std::optional<Credential> configured,
                     Environment environment)
      : type_{type},
        endpoint_{std::move(endpoint)},
        configured_{std::move(configured)},
        environment_{std::move(environment)},
        http_{environment_} {}

  std::string_view type_name() const override { return type_.info.name; }
  CredentialKind credential_kind() const override { return CredentialKind::kPlanetLegacy; }
  bool has_configured_credential() const override { return configured_.has_value(); }

  oidc::Result<Credential> login(const LoginOptions& options) override;

  std::unique_ptr<RequestAuthenticator> default_request_authenticator(CredentialLocation location,
                                                                      RefreshPolicy /*policy*/) override {
    return std::make_unique<KeyAuthenticator>(CredentialKind::kPlanetLegacy, configured_, environment_,
                                              std::move(location), KeyAuthenticator::Reading::kOnce);
  }

 private:
  const ClientType& type_;
  std::string endpoint_;
  std::optional<Credential> configured_;
  Environment environment_;
  HttpPolicy http_;
};

/// Errors: `kInteractionRequired`; those of `read_json`; `kMalformedResponse` for a reply without a key.
oidc::Result<Credential> PlanetLegacyClient::login(const LoginOptions& options) {
  const oidc::Result<Account> account = account_of(options);
  if (!account) {
    return account.error();
  }
  oidc::HttpRequest request;
  request.method = "POST";
  request.url = endpoint_;
  request.headers.set("Content-Type", "application/json");
  request.body = oidc::to_text({{"email", account->email}, {"password", account->password}});
  const oidc::Result<oidc::HttpResponse> response = http_.send(request);
  if (!response) {
    return response.error();
  }
  const oidc::TimePoint now = environment_.clock.now();
  const oidc::Result<oidc::Json> body = read_json(
      {.response = *response, .endpoint = "legacy login endpoint", .secrets = {account->password}, .received = now});
  if (!body) {
    return body.error();
  }
  return read_key(*body, now);
}

/// Those that have no meaning here: people may have misspelt one.
std::vector<std::string> other_keys(const oidc::Json& config) {
  return keys_except(config, {kEndpointKey, "api_key"});
}

oidc::Status check_endpoint(const oidc::Json& config, const std::string& endpoint) {
  if (const oidc::Status present = require_key(config, kEndpointKey, other_keys(config)); !present) {
    return present;
  }
  const oidc::Status secure = check_endpoint_url(endpoint);
  return secure ? secure : config_error(kEndpointKey, secure.error().message);
}

struct LegacyConfig {
  std::string endpoint;
  std::optional<Credential> key;
};

oidc::Result<LegacyConfig> parse(const oidc::Json& config) {
  auto endpoint = read_string(config, kEndpointKey);
  if (!endpoint) {
    return std::move(endpoint).error();
  }
  if (const oidc::Status checked = check_endpoint(config, *endpoint); !checked) {
    return checked.error();
  }
  auto key = read_configured_key(config, CredentialKind::kPlanetLegacy);
  if (!key) {
    return std::move(key).error();
  }
  return LegacyConfig{*std::move(endpoint), *std::move(key)};
}

}  // namespace

oidc::Status check_planet_legacy_config(const oidc::Json& config) {
  const auto parsed = parse(config);
  return parsed ? oidc::Status{oidc::Done{}} : parsed.error();
}

oidc::Result<std::unique_ptr<AuthClient>> make_planet_legacy_client(const ClientType& type, const oidc::Json& config,
                                                                    Environment environment) {
  auto parsed = parse(config);
  if (!parsed) {
    return std::move(parsed).error();
  }
  if (environment.sender.planet_app.empty()) {
    environment.sender.planet_app = "auth-core-" AUTH_CORE_VERSION;  // it is Planet's server
  }
  for (const std::string& key : other_keys(config)) {
    environment.log.debug("config_key_unknown", {{"key", key}});
  }
  return std::unique_ptr<AuthClient>{std::make_unique<PlanetLegacyClient>(
      type, std::move(parsed->endpoint), std::move(parsed->key), std::move(environment))};
}

}  // namespace authcore
