#include "client/client_config.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "client/config_reader.hpp"
#include "client/endpoint_url.hpp"
#include "flows/redirect_uri.hpp"
#include "oidc/schema.hpp"
#include "validation/jws.hpp"

namespace authcore {
namespace {

constexpr double kMaxSeconds = 1e9;

struct StringKey {
  const char* name;
  std::string ClientConfig::*member;
};
constexpr std::array<StringKey, 12> kStringKeys{{
    {"auth_server", &ClientConfig::auth_server},
    {"client_id", &ClientConfig::client_id},
    {"client_secret", &ClientConfig::client_secret},
    {"issuer", &ClientConfig::issuer},
    {"organization", &ClientConfig::organization},
    {"project_id", &ClientConfig::project_id},
    {"redirect_uri", &ClientConfig::redirect_uri},
    {"local_redirect_uri", &ClientConfig::local_redirect_uri},
    {"authorization_callback_acknowledgement", &ClientConfig::acknowledgement},
    {"authorization_callback_acknowledgement_file", &ClientConfig::acknowledgement_file},
    {"username", &ClientConfig::username},
    {"password", &ClientConfig::password},
}};

struct EndpointKey {
  const char* key;
  const char* metadata_name;
};
constexpr std::array<EndpointKey, 7> kEndpointKeys{{
    {"authorization_endpoint", "authorization_endpoint"},
    {"device_authorization_endpoint", "device_authorization_endpoint"},
    {"introspection_endpoint", "introspection_endpoint"},
    {"jwks_endpoint", "jwks_uri"},
    {"revocation_endpoint", "revocation_endpoint"},
    {"token_endpoint", "token_endpoint"},
    {"userinfo_endpoint", "userinfo_endpoint"},
}};

constexpr std::array<const char*, 15> kOtherKeys{"client_type",
                                                 "user_agent",
                                                 "planet_app",
                                                 "scopes",
                                                 "audiences",
                                                 "client_auth_method",
                                                 "id_token_signing_algs",
                                                 "access_token_signing_algs",
                                                 "max_retry_after_s",
                                                 "clock_leeway_s",
                                                 "client_privkey",
                                                 "client_privkey_file",
                                                 "client_privkey_password",
                                                 "user_name",
                                                 "user_password"};
// How planet_auth writes username and password when it saves a configuration (CFG-015).
constexpr std::array<std::pair<const char*, std::string ClientConfig::*>, 2> kSavedNames{
    {{"user_name", &ClientConfig::username}, {"user_password", &ClientConfig::password}}};
constexpr const char* kValidatorId = "__OidcClientValidatorAuthClientConfig__";

std::vector<std::string> known_keys() {
  std::vector<std::string> names(kOtherKeys.begin(), kOtherKeys.end());
  for (const StringKey& key : kStringKeys) {
    names.emplace_back(key.name);
  }
  for (const EndpointKey& key : kEndpointKeys) {
    names.emplace_back(key.key);
  }
  return names;
}

oidc::Status read_audience(const oidc::Json& config, ClientConfig& out) {
  std::vector<std::string> audiences;
  const oidc::Status read = read_list(config, "audiences", audiences);
  if (!read) {
    return read;
  }
  if (audiences.size() > 1 || (audiences.size() == 1 && audiences.front().empty())) {
    return config_error("audiences", "expected a list of exactly one string");
  }
  out.audience = audiences.empty() ? "" : audiences.front();
  return oidc::Done{};
}

oidc::Status read_algorithms(const oidc::Json& config, const std::string& key, std::vector<std::string>& out) {
  const oidc::Status read = read_list(config, key, out);
  if (!read) {
    return read;
  }
  if (out.empty() || !std::all_of(out.begin(), out.end(), is_supported_algorithm)) {
    return config_error(key, "expected a list of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA");
  }
  return oidc::Done{};
}

oidc::Result<std::optional<oidc::Duration>> read_seconds(const oidc::Json& config, const std::string& key) {
  const oidc::Json* value = find_key(config, key);
  if (value == nullptr) {
    return std::optional<oidc::Duration>{};
  }
  if (!value->is_number() || value->get<double>() < 0) {
    return config_error(key, "expected a number of seconds, not negative");
  }
  const double seconds = std::min(value->get<double>(), kMaxSeconds);
  return std::optional<oidc::Duration>{
      std::chrono::milliseconds{static_cast<std::int64_t>(std::floor(seconds * 1000))}};
}

oidc::Status read_durations(const oidc::Json& config, ClientConfig& out) {
  const auto max_retry_after = read_seconds(config, "max_retry_after_s");
  if (!max_retry_after) {
    return max_retry_after.error();
  }
  const auto clock_leeway = read_seconds(config, "clock_leeway_s");
  if (!clock_leeway) {
    return clock_leeway.error();
  }
  out.max_retry_after = *max_retry_after;
  out.clock_leeway = clock_leeway->value_or(oidc::Duration{});
  return oidc::Done{};
}

oidc::Status read_client_auth_method(const oidc::Json& config, ClientConfig& out) {
  const oidc::Result<std::string> name = read_string(config, "client_auth_method");
  if (!name) {
    return name.error();
  }
  if (name->empty()) {
    return oidc::Done{};
  }
  const oidc::Result<ClientAuthMethod> method = parse_client_auth_method(*name);
  if (!method) {
    return method.error();
  }
  if (needs_secret(*method) && out.client_secret.empty()) {
    return config_error("client_auth_method", "needs the key client_secret");
  }
  if (*method == ClientAuthMethod::kPrivateKeyJwt && out.private_key.text.empty() && out.private_key.file.empty()) {
    return config_error("client_auth_method", "needs the key client_privkey or client_privkey_file");
  }
  if (*method == ClientAuthMethod::kNone && out.type->oidc.authentication > ClientAuthMethod::kNone) {
    return config_error("client_auth_method", "\"none\" contradicts the client type, which proves who it is");
  }
  if (!out.type->oidc.has_identity && !has_key(config, "client_id")) {
    return config_error("client_auth_method", "needs the key client_id");
  }
  out.client_auth_method = *method;
  return oidc::Done{};
}

// A validator has a name only so that there is one; null or "" is a slip all the same (CFG-016).
oidc::Status settle_client_id(const oidc::Json& config, ClientConfig& out) {
  if (out.type->oidc.has_identity || config.contains("client_id")) {
    return require_key(config, "client_id", unknown_keys(config));
  }
  out.client_id = kValidatorId;
  return oidc::Done{};
}

oidc::Status require_all(const oidc::Json& config, const ClientType& type) {
  std::vector<std::string_view> keys{"auth_server"};
  keys.insert(keys.end(), type.oidc.required_keys.begin(), type.oidc.required_keys.end());
  const std::vector<std::string> unknown = unknown_keys(config);
  for (const std::string_view key : keys) {
    const oidc::Status present = require_key(config, key, unknown);
    if (!present) {
      return present;
    }
  }
  return oidc::Done{};
}

oidc::Status check_url(const std::string& key, const std::string& url) {
  const oidc::Status secure = check_endpoint_url(url);
  return secure ? secure : oidc::Status{config_error(key, secure.error().message)};
}

oidc::Status read_strings(const oidc::Json& config, ClientConfig& out) {
  for (const StringKey& key : kStringKeys) {
    oidc::Result<std::string> value = read_string(config, key.name);
    if (!value) {
      return value.error();
    }
    out.*key.member = std::move(*value);
  }
  for (const auto& [name, member] : kSavedNames) {
    oidc::Result<std::string> value = read_string(config, name);
    if (!value) {
      return value.error();
    }
    if ((out.*member).empty()) {
      out.*member = std::move(*value);
    }
  }
  return oidc::Done{};
}

// A JWK may be written as the object that it is.
oidc::Status read_private_key(const oidc::Json& config, ClientConfig& out) {
  PrivateKeySource& source = out.private_key;
  const oidc::Json* literal = find_key(config, "client_privkey");
  if (literal != nullptr && !literal->is_string() && !literal->is_object()) {
    return config_error("client_privkey", "expected a string (PEM or JWK) or an object (JWK)");
  }
  if (literal != nullptr) {
    source.text = literal->is_string() ? literal->get<std::string>() : oidc::to_text(*literal);
  }
  for (const auto& [name, member] :
       {std::pair{"client_privkey_file", &source.file}, std::pair{"client_privkey_password", &source.password}}) {
    oidc::Result<std::string> value = read_string(config, name);
    if (!value) {
      return value.error();
    }
    *member = std::move(*value);
  }
  return oidc::Done{};
}

oidc::Status read_endpoints(const oidc::Json& config, ClientConfig& out) {
  for (const EndpointKey& key : kEndpointKeys) {
    oidc::Result<std::string> value = read_string(config, key.key);
    if (!value) {
      return value.error();
    }
    if (value->empty()) {
      continue;
    }
    const oidc::Status secure = check_url(key.key, *value);
    if (!secure) {
      return secure;
    }
    out.endpoints[key.metadata_name] = std::move(*value);
  }
  return oidc::Done{};
}

// Each of the two redirect URIs stands in for the other (CFG-013).
oidc::Status settle_redirects(ClientConfig& out) {
  const bool only_redirect = out.local_redirect_uri.empty();
  if (only_redirect && out.redirect_uri.empty()) {
    return oidc::Done{};
  }
  out.local_redirect_uri = only_redirect ? out.redirect_uri : out.local_redirect_uri;
  out.redirect_uri = out.redirect_uri.empty() ? out.local_redirect_uri : out.redirect_uri;
  const oidc::Result<LoopbackRedirect> local = parse_loopback_redirect(out.local_redirect_uri);
  if (!local) {
    return config_error(only_redirect ? "redirect_uri" : "local_redirect_uri", local.error().message);
  }
  return oidc::Done{};
}

}  // namespace

std::vector<std::string> unknown_keys(const oidc::Json& config) {
  return keys_except(config, known_keys());
}

std::string nearest_key(const std::string& unknown) {
  return oidc::nearest_name(unknown, known_keys());
}

oidc::Result<const ClientType*> read_client_type(const oidc::Json& config) {
  if (!config.is_object()) {
    return oidc::Error{oidc::Errc::kConfig, "the client configuration is not a JSON object"};
  }
  const oidc::Result<std::string> name = read_string(config, "client_type");
  if (!name) {
    return name.error();
  }
  const oidc::Status present = require_key(config, "client_type", unknown_keys(config));
  if (!present) {
    return present.error();
  }
  return find_client_type(*name);
}

oidc::Result<ClientConfig> parse_client_config(const oidc::Json& config) {
  const oidc::Result<const ClientType*> type = read_client_type(config);
  if (!type) {
    return type.error();
  }
  ClientConfig out;
  out.type = *type;
  const std::array<oidc::Status (*)(const oidc::Json&, ClientConfig&), 11> steps{
      read_strings,
      read_endpoints,
      read_private_key,
      settle_client_id,
      [](const oidc::Json& json, ClientConfig& parsed) { return require_all(json, *parsed.type); },
      [](const oidc::Json&, ClientConfig& parsed) { return check_url("auth_server", parsed.auth_server); },
      [](const oidc::Json& json, ClientConfig& parsed) { return read_list(json, "scopes", parsed.scopes); },
      read_audience,
      read_client_auth_method,
      read_durations,
      [](const oidc::Json&, ClientConfig& parsed) { return settle_redirects(parsed); },
  };
  for (const auto& step : steps) {
    const oidc::Status done = step(config, out);
    if (!done) {
      return done.error();
    }
  }
  for (const auto& [key, member] : {std::pair{"id_token_signing_algs", &out.id_token_signing_algs},
                                    std::pair{"access_token_signing_algs", &out.access_token_signing_algs}}) {
    const oidc::Status algorithms = read_algorithms(config, key, *member);
    if (!algorithms) {
      return algorithms.error();
    }
  }
  return out;
}

}  // namespace authcore
