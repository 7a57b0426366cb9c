#include "bearer.hpp"

#include "client_auth/authenticate.hpp"
#include "dpop.hpp"
#include "form_request.hpp"
#include "refusal.hpp"

namespace mockserver {
namespace {

/// The form of a POST, if it is one: userinfo may be asked with any other body or none.
oidc::Form body_form(const Call& call) {
  if (call.method != "POST" || media_type(call.request.headers) != "application/x-www-form-urlencoded") {
    return {};
  }
  auto parameters = parse_parameters(call.request.body);
  return parameters ? std::move(parameters->form) : oidc::Form{};
}

/// For the person who reads the journal; a client can do nothing but log in or renew.
std::string why_dead(const TokenStore& tokens, const std::string& value) {
  if (!tokens.grant_of(value)) {
    return "the access token is unknown";
  }
  const bool would_live = tokens.find_access(value, oidc::TimePoint::min()).has_value();
  return would_live ? "the access token has expired" : "the token was revoked, or is a refresh token";
}

}  // namespace

oidc::Result<std::string> bearer_token(Call& call) {
  const auto query = parse_parameters(call.url.query);
  call.form = call.method == "POST" ? body_form(call) : (query ? query->form : oidc::Form{});
  if (!query || query->form.contains("access_token")) {
    return refusal("invalid_request", "access tokens do not belong in the query");
  }
  const auto header = call.request.headers.get("Authorization");
  const bool in_header = header && (has_scheme(*header, "Bearer") || has_scheme(*header, "DPoP"));
  const std::size_t in_body = call.method == "POST" ? call.form.count("access_token") : 0;
  if (call.request.headers.count("Authorization") > 1 || in_body + (in_header ? 1 : 0) > 1) {
    return refusal("invalid_request", "more than one access token");
  }
  if (in_header) {
    return std::string{after_scheme(*header)};
  }
  if (in_body == 1) {
    return call.form.value_or_empty("access_token");
  }
  return refusal("", "");
}

oidc::Status find_token_owner(Call& call) {
  const auto value = bearer_token(call);
  const auto id = value ? call.world.tokens.grant_of(*value) : std::nullopt;
  if (const auto grant = id ? call.world.tokens.grant(*id) : std::nullopt) {
    call.client_id = grant->client;
  }
  return oidc::Done{};
}

oidc::Result<Live<AccessToken>> shown_token(Call& call) {
  const auto value = bearer_token(call);
  if (!value) {
    return value.error();
  }
  auto live = call.world.tokens.find_access(*value, call.now);
  if (!live) {
    return refusal("invalid_token", why_dead(call.world.tokens, *value));
  }
  if (const auto bound = check_token_use(call, *value, live->token.dpop_jkt); !bound) {
    return bound.error();
  }
  return *std::move(live);
}

}  // namespace mockserver
