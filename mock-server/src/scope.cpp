#include "scope.hpp"

#include <algorithm>
#include <iterator>

#include "refusal.hpp"

namespace mockserver {
namespace {

/// RFC 6749 section 3.3: printable ASCII without blank, quote and backslash.
bool is_scope_character(char c) {
  return c > ' ' && c <= '~' && c != '"' && c != '\\';
}

bool is_known(const IssuerConfig& config, std::string_view scope) {
  return config.lenient.any_scope || has_scope(config.scopes, scope);
}

/// Of an OpenID request by itself (OIDC Core section 3.1.2.1).
bool ignores_unknown(const IssuerConfig& config, const Scopes& asked) {
  return config.unknown_scopes == UnknownScopes::kIgnore ||
         (config.unknown_scopes == UnknownScopes::kIgnoreIfOpenId && has_scope(asked, "openid"));
}

}  // namespace

bool has_scope(const Scopes& scopes, std::string_view scope) {
  return std::ranges::find(scopes, scope) != scopes.end();
}

std::string to_text(const Scopes& scopes) {
  std::string text;
  for (const auto& scope : scopes) {
    text.append(text.empty() ? "" : " ").append(scope);
  }
  return text;
}

oidc::Result<Scopes> parse_scopes(std::string_view text) {
  Scopes scopes;
  while (!text.empty()) {
    const auto blank = text.find(' ');
    const std::string_view one = text.substr(0, blank);
    text.remove_prefix(blank == std::string_view::npos ? text.size() : blank + 1);
    if (one.empty() || !std::ranges::all_of(one, is_scope_character)) {
      return refusal("invalid_scope", "the scope is malformed");
    }
    if (!has_scope(scopes, one)) {
      scopes.emplace_back(one);
    }
  }
  return scopes;
}

Scopes default_scopes(const IssuerConfig& config, const ClientConfig* client) {
  Scopes scopes = client != nullptr && client->scopes ? *client->scopes : config.scopes;
  constexpr std::string_view kByName[] = {"openid", "offline_access", "profile", "email", "address", "phone"};
  std::erase_if(scopes,
                [&](const std::string& scope) { return std::ranges::find(kByName, scope) != std::end(kByName); });
  return scopes;
}

void drop_user_scopes(Scopes& scopes) {
  std::erase_if(scopes, [](const std::string& scope) { return scope == "openid" || scope == "offline_access"; });
}

oidc::Result<Scopes> requested_scopes(const IssuerConfig& config, const ClientConfig* client,
                                      const std::optional<std::string>& scope) {
  if (!scope) {
    return default_scopes(config, client);
  }
  auto scopes = parse_scopes(*scope);
  if (!scopes) {
    return scopes.error();
  }
  const bool asked = !scopes->empty();
  if (ignores_unknown(config, *scopes)) {
    std::erase_if(*scopes, [&](const std::string& one) { return !is_known(config, one); });
  }
  const auto forbidden = [&](const std::string& one) {
    return client != nullptr && client->scopes && !has_scope(*client->scopes, one);
  };
  if ((asked && scopes->empty()) ||
      !std::ranges::all_of(*scopes, [&](const auto& one) { return is_known(config, one); })) {
    return refusal("invalid_scope", "a scope that this issuer does not know");
  }
  if (std::ranges::any_of(*scopes, forbidden)) {
    return refusal("invalid_scope", "a scope that the client may not ask for");
  }
  return scopes;
}

}  // namespace mockserver
