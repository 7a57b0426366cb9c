#include "script/facts.hpp"

#include "client_auth/authenticate.hpp"
#include "endpoints/endpoint.hpp"
#include "form_request.hpp"
#include "grants/grant_type.hpp"

namespace mockserver {
namespace {

/// Who logs in where nobody says it.
std::string usual_user(const Call& call) {
  const UserPtr user = call.world.registry.first_user();
  return user != nullptr ? user->sub : "";
}

std::string subject_of(const Call& call) {
  if (const auto id = presented_grant(call)) {
    const auto grant = call.world.tokens.grant(*id);
    return grant ? grant->sub : "";
  }
  if (call.grant == "password") {
    return call.form.value_or_empty("username");
  }
  if (call.grant == "client_credentials") {
    return call.client_id;
  }
  if (call.grant == "device_code") {
    return usual_user(call);
  }
  if (call.endpoint->name != "authorize") {
    return "";
  }
  const std::string hint = call.form.value_or_empty("login_hint");
  return call.world.registry.user(hint) != nullptr ? hint : usual_user(call);
}

/// Refresh tokens among the ancestors of a token.
std::size_t generation_of(const Ledger& ledger, std::string_view value) {
  std::size_t generation = 0;
  auto entry = ledger.find(value);
  while (entry && !entry->parent.empty()) {
    generation += entry->parent.starts_with("rt#") ? 1U : 0U;
    entry = ledger.find(entry->parent);
  }
  return generation;
}

std::optional<std::size_t> generation_of(const Call& call) {
  for (const auto& value : presented_tokens(call)) {
    if (call.world.ledger.name_of(value)) {
      return generation_of(call.world.ledger, value);
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string> presented_tokens(const Call& call) {
  std::vector<std::string> values;
  for (const char* name : {"refresh_token", "token", "access_token", "subject_token"}) {
    if (auto value = call.parameter(name)) {
      values.push_back(std::move(*value));
    }
  }
  if (const auto header = call.request.headers.get("Authorization")) {
    if (has_scheme(*header, "Bearer") || has_scheme(*header, "DPoP")) {
      values.emplace_back(after_scheme(*header));
    }
  }
  return values;
}

std::optional<GrantId> presented_grant(const Call& call) {
  for (const auto& value : presented_tokens(call)) {
    if (const auto grant = call.world.tokens.grant_of(value)) {
      return grant;
    }
  }
  const auto code = call.parameter("code");
  return code ? call.world.codes.grant_of(*code) : std::nullopt;
}

RequestFacts facts_of(const Call& call) {
  return {.endpoint = std::string{call.endpoint->name},
          .grant = call.grant,
          .client = call.client_id,
          .subject = subject_of(call),
          .token_generation = generation_of(call),
          .headers = &call.request.headers,
          .form = &call.form,
          .now = call.now,
          .age = call.world.clock.steady_now() - call.world.created};
}

void glance_at(Call& call) {
  if (auto claimed = parse_parameters(call.method == "POST" ? call.request.body : call.url.query)) {
    take_parameters(call, *std::move(claimed));
  }
  if (call.endpoint->name == "token") {
    const std::string identifier = call.form.value_or_empty("grant_type");
    const GrantType* type = find_grant_type(identifier);
    call.grant = type != nullptr ? std::string{type->name} : identifier;
  }
  const auto basic = parse_basic(call.request.headers.get("Authorization").value_or(""));
  call.client_id = basic ? basic->id : call.form.value_or_empty("client_id");
}

}  // namespace mockserver
