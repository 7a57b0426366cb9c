#include "authorization.hpp"

#include <algorithm>

#include "audience.hpp"
#include "claim_templates.hpp"
#include "client_auth/any_client.hpp"
#include "form_request.hpp"
#include "limits.hpp"
#include "pkce.hpp"
#include "pushed_request.hpp"
#include "refusal.hpp"
#include "reply.hpp"
#include "response_mode.hpp"

namespace mockserver {
namespace {

/// Where a native app may listen on whatever port is free (RFC 8252 section 7.3): http on the
/// loopback literals. "localhost" is laxness: section 8.3 of the RFC discourages it, since it may
/// resolve to something else, but real clients use it and real servers let them.
bool has_any_port(const oidc::Url& url) {
  return url.scheme == "http" && (url.host == "127.0.0.1" || url.host == "::1" || url.host == "localhost");
}

bool differs_in_port_only(const oidc::Url& a, const oidc::Url& b) {
  return a.scheme == b.scheme && a.host == b.host && a.path == b.path && a.query == b.query;
}

bool is_plain(const Call& call) {
  return call.parameter("code_challenge_method").value_or("plain") == "plain";
}

/// In the form of S256, whatever the request's method is: "" if there is none.
std::string s256_challenge(const Call& call) {
  const auto challenge = call.parameter("code_challenge");
  return challenge && is_plain(call) ? pkce_challenge(*challenge) : challenge.value_or("");
}

oidc::Status check_pkce_request(const Call& call) {
  const auto challenge = call.parameter("code_challenge");
  if (!challenge) {
    if (call.parameter("code_challenge_method")) {
      return refusal("invalid_request", "code_challenge_method without code_challenge");
    }
    if (call.client->auth == ClientAuthMethod::kNone && !call.world.config.lenient.no_pkce) {
      return refusal("invalid_request", "a public client must send a code_challenge (RFC 9700)");
    }
    return oidc::Done{};
  }
  // Left out, the method is "plain" (RFC 7636 section 4.3), which is not supported.
  if (call.world.config.lenient.no_pkce && is_plain(call)) {
    return oidc::Done{};
  }
  if (call.parameter("code_challenge_method") != "S256") {
    return refusal("invalid_request", "code_challenge_method must be S256");
  }
  if (!is_s256_challenge(*challenge)) {
    return refusal("invalid_request", "code_challenge is not an S256 challenge");
  }
  return oidc::Done{};
}

/// Where anything may be redirected to at all: no fragment, and nothing that would break the Location header.
bool is_redirectable(std::string_view uri) {
  const auto is_visible = [](char c) { return c > ' ' && c <= '~'; };
  return uri.find(':') != std::string_view::npos && uri.find('#') == std::string_view::npos &&
         std::ranges::all_of(uri, is_visible);
}

oidc::Status check_response_kind(const Call& call) {
  const auto type = call.parameter("response_type");
  if (!type) {
    return refusal("invalid_request", "response_type is missing");
  }
  if (*type != "code") {
    return refusal("unsupported_response_type", "only code is supported");
  }
  const auto mode = call.parameter("response_mode");
  if (mode && !parse_response_mode(*mode)) {
    return refusal("invalid_request", "response_mode is query, fragment or form_post");
  }
  return oidc::Done{};
}

/// Features that OIDC Core section 3.1.2.6 has an error of its own for.
oidc::Status check_unsupported(const Call& call) {
  for (const std::string name : {"request", "request_uri", "registration"}) {
    if (call.parameter(name)) {
      return refusal(name + "_not_supported", name + " is not supported");
    }
  }
  return oidc::Done{};
}

/// RFC 9126 section 6.
oidc::Status check_pushed(const Call& call) {
  const bool required = call.world.config.require_par || call.client->require_par;
  return required && call.pushed.empty()
             ? oidc::Status{refusal("invalid_request", "authorization requests must be pushed (RFC 9126)")}
             : oidc::Done{};
}

std::string new_code(Call& call, const AuthorizationRequest& request, const Login& login) {
  World& world = call.world;
  const std::string value = world.random.token();
  Code code;
  Grant grant{call.client->id, login.sub, request.scopes, request.nonce, login.auth_time};
  grant.acr = login.acr;
  grant.amr = login.amr;
  grant.audience = request.audience;
  grant.dpop_jkt = call.form.value_or_empty("dpop_jkt");
  code.grant = world.tokens.open(std::move(grant));
  code.name = world.ledger.record("code", value, "", call.now);
  code.client = call.client->id;
  code.redirect_uri = call.form.value_or_empty("redirect_uri");
  code.challenge = request.challenge;
  code.expires_at = call.now + lifetimes_of(world.config, call.client.get()).code;
  keep_parameters(call, code.grant);
  world.codes.add(value, std::move(code), call.now);
  return value;
}

}  // namespace

bool is_registered(const ClientConfig& client, std::string_view redirect_uri) {
  if (std::ranges::find(client.redirect_uris, redirect_uri) != client.redirect_uris.end()) {
    return true;
  }
  const auto asked = oidc::parse_url(redirect_uri);
  if (!asked || !has_any_port(*asked) || redirect_uri.find('#') != std::string_view::npos) {
    return false;
  }
  return std::ranges::any_of(client.redirect_uris, [&](const std::string& registered) {
    const auto url = oidc::parse_url(registered);
    return url && differs_in_port_only(*url, *asked);
  });
}

oidc::Status trust_redirect_uri(Call& call) {
  const auto read = read_browser_form(call);
  return read ? trust_parameters(call) : read;
}

oidc::Form as_asked(const Call& call) {
  return call.pushed.empty() ? call.form : oidc::Form{{"client_id", call.client_id}, {"request_uri", call.pushed}};
}

oidc::Status trust_parameters(Call& call) {
  call.client_id = call.form.value_or_empty("client_id");
  const bool repeated = call.form.count("client_id") > 1 || call.form.count("redirect_uri") > 1;
  if (repeated && !call.world.config.lenient.duplicate_parameters) {
    return refusal("invalid_request", "client_id or redirect_uri is given more than once");
  }
  if (const auto checked = check_what_is_kept(call.form, kLongestRequest); !checked) {
    return checked;
  }
  if (const auto pushed = take_pushed_parameters(call); !pushed) {
    return pushed;
  }
  const ClientPtr client = find_client(call.world, call.client_id);
  if (client == nullptr) {
    return refusal("invalid_request", "unknown client_id");
  }
  call.client = client;
  return settle_redirect_uri(call);
}

oidc::Status settle_redirect_uri(Call& call) {
  const ClientPtr& client = call.client;
  const std::string redirect_uri = call.form.value_or_empty("redirect_uri");
  const bool any = is_taken_in(*client) || call.world.config.lenient.any_redirect_uri;
  if (redirect_uri.empty() && (client->redirect_uris.size() != 1 || is_taken_in(*client))) {
    return refusal("invalid_request", "redirect_uri is missing");
  }
  if (!redirect_uri.empty() && !(any ? is_redirectable(redirect_uri) : is_registered(*client, redirect_uri))) {
    return refusal("invalid_request", "the redirect_uri is not registered");
  }
  call.redirect_uri = redirect_uri.empty() ? client->redirect_uris.front() : redirect_uri;
  return oidc::Done{};
}

oidc::Result<AuthorizationRequest> read_authorization(const Call& call) {
  if (has_repetition(call)) {
    return refusal("invalid_request", "a parameter is given more than once");
  }
  if (!has_scope(call.client->grants, "authorization_code")) {
    return refusal("unauthorized_client", "the client may not use the authorization code grant");
  }
  for (const auto& check : {check_pushed, check_unsupported, check_response_kind, check_pkce_request}) {
    if (const auto checked = check(call); !checked) {
      return checked.error();
    }
  }
  auto scopes = requested_scopes(call.world.config, call.client.get(), call.parameter("scope"));
  if (!scopes) {
    return scopes.error();
  }
  if (has_scope(*scopes, "openid") && !call.parameter("redirect_uri")) {
    return refusal("invalid_request", "OpenID Connect requires redirect_uri");
  }
  auto audience = requested_audience(call, oidc::Json{});
  if (!audience) {
    return audience.error();
  }
  auto login = read_login_request(call);
  if (!login) {
    return login.error();
  }
  return AuthorizationRequest{std::move(*scopes), call.form.value_or_empty("nonce"), s256_challenge(call),
                              std::move(*login), *std::move(audience)};
}

oidc::Form approved(Call& call, const AuthorizationRequest& request, const Login& login) {
  if (auto refused = refused_as_used(call)) {
    return *std::move(refused);
  }
  return {{"code", new_code(call, request, login)}};
}

oidc::Form denied(Call& call) {
  if (auto refused = refused_as_used(call)) {
    return *std::move(refused);
  }
  return {{"error", "access_denied"}, {"error_description", "the user said no"}};
}

}  // namespace mockserver
