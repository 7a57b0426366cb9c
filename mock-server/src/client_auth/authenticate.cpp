#include "client_auth/authenticate.hpp"

#include <algorithm>

#include "client_auth/algorithms.hpp"
#include "client_auth/any_client.hpp"
#include "client_auth/assertion.hpp"
#include "form_request.hpp"
#include "oidc/base64url.hpp"
#include "oidc/openssl.hpp"
#include "refusal.hpp"

namespace mockserver {
namespace {

/// What the client put forward, before anybody knows whether it is right.
struct Claim {
  std::string id;
  std::optional<std::string> secret;
  ClientAuthMethod method = ClientAuthMethod::kNone;
};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

oidc::Result<Claim> claim_from_header(const Call& call, const std::string& authorization) {
  if (!has_scheme(authorization, "Basic")) {
    return refusal("invalid_client", "clients authenticate by Basic or in the body");
  }
  auto credentials = parse_basic(authorization);
  if (!credentials) {
    return refusal("invalid_request",
                   "malformed Basic credentials: id and secret are form-encoded before they are joined by a colon (RFC "
                   "6749 section 2.3.1)");
  }
  if (call.form.contains("client_secret")) {
    return refusal("invalid_request", "two ways of client authentication at once");
  }
  const auto in_body = call.parameter("client_id");
  if (in_body && *in_body != credentials->id) {
    return refusal("invalid_request", "client_id differs from the one in the Authorization header");
  }
  return Claim{std::move(credentials->id), std::move(credentials->secret), ClientAuthMethod::kSecretBasic};
}

oidc::Result<Claim> read_claim(const Call& call) {
  const auto authorization = call.request.headers.get("Authorization");
  const bool assertion = call.form.contains("client_assertion");
  if (assertion && (authorization || call.form.contains("client_secret"))) {
    return refusal("invalid_request", "two ways of client authentication at once");
  }
  if (call.request.headers.count("Authorization") > 1) {
    return refusal("invalid_request", "more than one Authorization header");
  }
  if (assertion) {
    auto claimed = claimed_client(call);
    if (!claimed) {
      return claimed.error();
    }
    return Claim{std::move(claimed->id), std::nullopt, claimed->method};
  }
  if (authorization) {
    return claim_from_header(call, *authorization);
  }
  const auto id = call.parameter("client_id");
  if (!id) {
    return refusal("invalid_client", "no client authentication and no client_id");
  }
  auto secret = call.form.get("client_secret");
  const auto method = secret ? ClientAuthMethod::kSecretPost : ClientAuthMethod::kNone;
  return Claim{*id, std::move(secret), method};
}

bool is_secret(ClientAuthMethod method) {
  return method == ClientAuthMethod::kSecretBasic || method == ClientAuthMethod::kSecretPost;
}

bool is_assertion(ClientAuthMethod method) {
  return method == ClientAuthMethod::kSecretJwt || method == ClientAuthMethod::kPrivateKeyJwt;
}

bool may_use(const Leniency& lenient, const ClientConfig& client, ClientAuthMethod method, ClientAuthRule rule) {
  if (client.auth == method || is_taken_in(client)) {
    return true;
  }
  if (rule == ClientAuthRule::kAnySecret && is_secret(client.auth) && is_secret(method)) {
    return true;
  }
  // To leave it out is no other way to authenticate, unless the proof doesn't matter either.
  return lenient.any_auth_method && (method != ClientAuthMethod::kNone || lenient.any_secret);
}

/// Whether what was put forward proves that it is the client.
oidc::Status check_claim(Call& call, const ClientConfig& client, const Claim& claim) {
  const Leniency& lenient = call.world.config.lenient;
  if (is_taken_in(client)) {
    return oidc::Done{};
  }
  if (is_assertion(claim.method)) {
    return check_assertion(call, client);
  }
  const bool has_to_match = claim.secret && !lenient.any_secret && client.auth != ClientAuthMethod::kNone;
  if (has_to_match && (client.secret.empty() || !oidc::equal_secrets(*claim.secret, client.secret))) {
    return refusal("invalid_client", "wrong client secret");
  }
  return oidc::Done{};
}

}  // namespace

bool has_scheme(std::string_view authorization, std::string_view scheme) {
  return authorization.size() > scheme.size() && authorization[scheme.size()] == ' ' &&
         std::equal(scheme.begin(), scheme.end(), authorization.begin(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

std::string_view after_scheme(std::string_view authorization) {
  const auto blank = authorization.find(' ');
  const auto start = blank == std::string_view::npos ? blank : authorization.find_first_not_of(' ', blank);
  return start == std::string_view::npos ? std::string_view{} : authorization.substr(start);
}

void describe_client_authentication(std::string_view prefix, oidc::Json& metadata) {
  const std::string endpoint = std::string{prefix} + "_endpoint_auth_";
  metadata[endpoint + "methods_supported"] = {"none", "client_secret_basic", "client_secret_post", "client_secret_jwt",
                                              "private_key_jwt"};
  auto algorithms = oidc::Json::array();
  for (const std::string_view alg : client_key_algorithms()) {
    algorithms.push_back(alg);
  }
  for (const char* mac : {"HS256", "HS384", "HS512"}) {
    algorithms.push_back(mac);
  }
  metadata[endpoint + "signing_alg_values_supported"] = std::move(algorithms);
}

std::optional<BasicCredentials> parse_basic(std::string_view authorization) {
  if (!has_scheme(authorization, "Basic")) {
    return std::nullopt;
  }
  const auto pair = oidc::base64_decode(after_scheme(authorization));
  const auto colon = pair ? pair->find(':') : std::string::npos;
  if (colon == std::string::npos) {
    return std::nullopt;
  }
  auto id = oidc::form_decode(std::string_view{*pair}.substr(0, colon));
  auto secret = oidc::form_decode(std::string_view{*pair}.substr(colon + 1));
  if (!id || !secret) {
    return std::nullopt;
  }
  return BasicCredentials{std::move(*id), std::move(*secret)};
}

oidc::Status authenticate_client(Call& call, ClientAuthRule rule) {
  call.client_auth = "none";
  const auto claim = read_claim(call);
  if (!claim) {
    call.client_id = call.form.value_or_empty("client_id");
    return claim.error();
  }
  call.client_id = claim->id;
  call.client_auth = to_string(claim->method);
  ClientPtr client = find_client(call.world, claim->id);
  if (client == nullptr) {
    return refusal("invalid_client", "unknown client");
  }
  if (!may_use(call.world.config.lenient, *client, claim->method, rule)) {
    return refusal("invalid_client", "the client is registered for " + std::string{to_string(client->auth)});
  }
  if (const auto checked = check_claim(call, *client, *claim); !checked) {
    return checked;
  }
  call.client = std::move(client);
  return oidc::Done{};
}

oidc::Status admit_client(Call& call, ClientAuthRule rule) {
  const auto read = read_form(call);
  return read ? authenticate_client(call, rule) : read;
}

}  // namespace mockserver
