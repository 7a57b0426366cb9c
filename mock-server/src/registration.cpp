#include "registration.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "grants/grant_type.hpp"
#include "limits.hpp"
#include "refusal.hpp"
#include "scope.hpp"

namespace mockserver {
namespace {

/// Metadata that is configuration under another name; the values are checked by the schema of clients.
constexpr std::array<std::pair<const char*, const char*>, 10> kNames = {{
    {"token_endpoint_auth_method", "auth"},
    {"redirect_uris", "redirect_uris"},
    {"post_logout_redirect_uris", "post_logout_redirect_uris"},
    {"jwks", "jwks"},
    {"id_token_signed_response_alg", "id_token_alg"},
    {"userinfo_signed_response_alg", "userinfo_alg"},
    {"require_pushed_authorization_requests", "require_par"},
    {"dpop_bound_access_tokens", "dpop_bound"},
    {"subject_type", "subject_type"},
    {"grant_types", "grants"},
}};

constexpr const char* kEncryptionAlg = "id_token_encrypted_response_alg";
constexpr const char* kEncryptionEnc = "id_token_encrypted_response_enc";

/// These two are one member of the configuration.
constexpr std::array<std::pair<const char*, const char*>, 3> kEncryptionNames = {{
    {kEncryptionAlg, "id_token_encryption/alg"},
    {kEncryptionEnc, "id_token_encryption/enc"},
    {kEncryptionAlg, "id_token_encryption"},
}};

oidc::Error invalid_metadata(const std::string& why) {
  return refusal("invalid_client_metadata", why);
}

/// In the names of RFC 7591, which the client used.
oidc::Error translated(const std::string& message) {
  std::vector<std::pair<const char*, const char*>> names{kEncryptionNames.begin(), kEncryptionNames.end()};
  names.insert(names.end(), kNames.begin(), kNames.end());
  for (const auto& [theirs, ours] : names) {
    const std::string pointer = std::string{"/"} + ours;
    const bool about_it = message.starts_with(pointer) && message.find_first_of("/:", pointer.size()) == pointer.size();
    if (about_it) {
      return refusal(std::string_view{ours} == "redirect_uris" ? "invalid_redirect_uri" : "invalid_client_metadata",
                     theirs + message.substr(pointer.size()));
    }
  }
  return invalid_metadata(message);
}

/// The short names of `grant_types`.
oidc::Result<oidc::Json> read_grants(const oidc::Json& metadata) {
  const auto found = metadata.find("grant_types");
  auto names = oidc::Json::array();
  if (found == metadata.end()) {
    names.push_back("authorization_code");
    return names;
  }
  if (!found->is_array()) {
    return invalid_metadata("grant_types is no array");
  }
  for (const auto& identifier : *found) {
    const GrantType* type = identifier.is_string() ? find_grant_type(identifier.get<std::string>()) : nullptr;
    if (type == nullptr) {
      return invalid_metadata("grant_types has one that this issuer does not know");
    }
    names.push_back(type->name);
  }
  return names;
}

oidc::Status check_unsupported(const oidc::Json& metadata) {
  for (const char* name : {"jwks_uri", "software_statement"}) {
    if (metadata.contains(name)) {
      return invalid_metadata(std::string{name} + " is not supported");
    }
  }
  const auto types = metadata.find("response_types");
  const bool only_code =
      types == metadata.end() ||
      (types->is_array() && std::all_of(types->begin(), types->end(), [](const auto& type) { return type == "code"; }));
  return only_code ? oidc::Status{oidc::Done{}} : invalid_metadata("response_types has others than code");
}

oidc::Status read_scopes(const oidc::Json& metadata, const IssuerConfig& config, oidc::Json& client) {
  if (!metadata.contains("scope")) {
    return oidc::Done{};
  }
  const auto text = oidc::string_member(metadata, "scope");
  const auto scopes = text ? requested_scopes(config, nullptr, *text) : oidc::Result<Scopes>{oidc::Error{}};
  if (!scopes) {
    return invalid_metadata("scope is malformed, or has one that this issuer does not know");
  }
  client["scopes"] = *scopes;
  return oidc::Done{};
}

/// OIDC Registration section 2.
oidc::Status read_encryption(const oidc::Json& metadata, oidc::Json& client) {
  const auto alg = metadata.find(kEncryptionAlg);
  const auto enc = metadata.find(kEncryptionEnc);
  if (alg == metadata.end()) {
    return enc == metadata.end() ? oidc::Status{oidc::Done{}}
                                 : invalid_metadata(std::string{kEncryptionEnc} + " without " + kEncryptionAlg);
  }
  client["id_token_encryption"]["alg"] = *alg;
  if (enc != metadata.end()) {
    client["id_token_encryption"]["enc"] = *enc;
  }
  return oidc::Done{};
}

/// From the metadata to the client that they make. `secret` is its secret, if it is to have one.
oidc::Result<ClientConfig> read_client_metadata(const oidc::Json& metadata, const IssuerConfig& config,
                                                const std::string& id, const std::string& secret) {
  oidc::Json client = {{"id", id}, {"auth", "client_secret_basic"}};
  for (const auto& [theirs, ours] : kNames) {
    if (metadata.contains(theirs)) {
      client[ours] = metadata[theirs];
    }
  }
  auto grants = read_grants(metadata);
  if (!grants) {
    return grants.error();
  }
  client["grants"] = *std::move(grants);
  for (const auto& checked :
       {check_unsupported(metadata), read_scopes(metadata, config, client), read_encryption(metadata, client)}) {
    if (!checked) {
      return checked.error();
    }
  }
  if (client["auth"] != "none" && client["auth"] != "private_key_jwt") {
    client["secret"] = secret;
  }
  auto parsed = parse_client_config(client, config);
  if (!parsed) {
    return translated(parsed.error().message);
  }
  if (has_scope(parsed->grants, "authorization_code") && parsed->redirect_uris.empty()) {
    return refusal("invalid_redirect_uri", "redirect_uris is missing");
  }
  return *std::move(parsed);
}

/// What is registered: the metadata with the defaults filled in. What nobody here knows is left out, as RFC 7591
/// section 2 has it.
oidc::Json registered_metadata(const oidc::Json& metadata, const ClientConfig& client) {
  oidc::Json registered = {
      {"token_endpoint_auth_method", to_string(client.auth)},
      {"grant_types", metadata.value("grant_types", oidc::Json::array({"authorization_code"}))},
      {"response_types",
       has_scope(client.grants, "authorization_code") ? oidc::Json::array({"code"}) : oidc::Json::array()}};
  for (const auto& [theirs, ours] : kNames) {
    if (metadata.contains(theirs)) {
      registered[theirs] = metadata[theirs];
    }
  }
  if (metadata.contains("scope") && client.scopes) {
    registered["scope"] = to_text(*client.scopes);  // what is left of it
  }
  if (!client.id_token_encrypted_alg.empty()) {
    registered[kEncryptionAlg] = client.id_token_encrypted_alg;
    registered[kEncryptionEnc] = client.id_token_encrypted_enc;  // this issuer's default if the client named none
  }
  for (const char* name : {"client_name", "client_uri", "logo_uri", "contacts", "tos_uri", "policy_uri", "software_id",
                           "software_version", "application_type"}) {
    if (metadata.contains(name)) {
      registered[name] = metadata[name];
    }
  }
  return registered;
}

oidc::Result<oidc::Json> read_body(const Call& call) {
  if (call.request.body.size() > kLongestRegistration) {
    return refusal("invalid_client_metadata",
                   "the metadata take more than " + std::to_string(kLongestRegistration) + " bytes", 413);
  }
  auto body = oidc::parse_json(call.request.body);
  if (!body || !body->is_object()) {
    return invalid_metadata("the body is no JSON object");
  }
  return *std::move(body);
}

}  // namespace

oidc::Status register_client(Call& call) {
  World& world = call.world;
  const auto metadata = read_body(call);
  if (!metadata) {
    return metadata.error();
  }
  if (world.registrations.size() >= kMostRegistrations) {
    return refusal("temporarily_unavailable", "this issuer keeps no more than " + std::to_string(kMostRegistrations) +
                                                  " registered clients: delete some (RFC 7592 section 2.3)");
  }
  const std::string id = world.random.token(16);
  auto client = read_client_metadata(*metadata, world.config, id, world.random.token());
  if (!client) {
    return client.error();
  }
  Registration registration{world.random.token(), call.now, registered_metadata(*metadata, *client)};
  if (!client->secret.empty()) {
    world.ledger.record("secret", client->secret, "", call.now);
  }
  world.ledger.record("reg", registration.token, "", call.now);
  world.registry.put(*std::move(client));
  world.registrations.put(id, std::move(registration));
  call.client_id = id;
  return oidc::Done{};
}

oidc::Status update_registration(Call& call) {
  World& world = call.world;
  const auto metadata = read_body(call);
  if (!metadata) {
    return metadata.error();
  }
  const ClientPtr before = world.registry.client(call.client_id);
  auto registration = world.registrations.find(call.client_id);
  if (before == nullptr || !registration) {
    return refusal("invalid_token", "the client is gone", 401);
  }
  if (oidc::string_member(*metadata, "client_id") != call.client_id) {
    return invalid_metadata("client_id is not the client's");
  }
  if (metadata->contains("client_secret") && (*metadata)["client_secret"] != before->secret) {
    return invalid_metadata("client_secret is not the client's");
  }
  for (const char* name :
       {"registration_access_token", "registration_client_uri", "client_secret_expires_at", "client_id_issued_at"}) {
    if (metadata->contains(name)) {
      return invalid_metadata(std::string{name} + " is not the client's to say");
    }
  }
  const std::string secret = before->secret.empty() ? world.random.token() : before->secret;
  auto client = read_client_metadata(*metadata, world.config, call.client_id, secret);
  if (!client) {
    return client.error();
  }
  registration->metadata = registered_metadata(*metadata, *client);
  if (!client->secret.empty()) {
    world.ledger.record("secret", client->secret, "", call.now);
  }
  world.registry.put(*std::move(client));
  world.registrations.put(call.client_id, *std::move(registration));
  return oidc::Done{};
}

oidc::Result<ClientConfig> registered_client(const Registration& registration, const IssuerConfig& config,
                                             const std::string& id, const std::string& secret) {
  return read_client_metadata(registration.metadata, config, id, secret);
}

void unregister(Call& call) {
  if (const ClientPtr client = call.world.registry.client(call.client_id)) {
    call.world.ledger.forget(client->secret);
  }
  if (const auto registration = call.world.registrations.find(call.client_id)) {
    call.world.ledger.forget(registration->token);
  }
  call.world.registry.remove_client(call.client_id);
  call.world.registrations.remove(call.client_id);
  call.world.tokens.revoke_all_of(call.client_id);  // RFC 7592 section 2.3
}

oidc::Json registration_response(const World& world, const std::string& client_id, const std::string& url) {
  const auto registration = world.registrations.find(client_id).value_or(Registration{});
  const ClientPtr client = world.registry.client(client_id);
  oidc::Json response = registration.metadata;
  response["client_id"] = client_id;
  response["client_id_issued_at"] = oidc::epoch_seconds(registration.issued_at).count();
  if (client != nullptr && !client->secret.empty()) {
    response["client_secret"] = client->secret;
    response["client_secret_expires_at"] = 0;  // never
  }
  response["registration_access_token"] = registration.token;
  response["registration_client_uri"] = url + oidc::percent_encode(client_id);
  return response;
}

}  // namespace mockserver
