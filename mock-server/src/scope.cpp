#include "scope.hpp"

#include <algorithm>

#include "refusal.hpp"

namespace mockserver {
namespace {

/// RFC 6749 section 3.3: printable ASCII without blank, quote and backslash.
bool is_scope_character(char c) {
  return c > ' ' && c <= '~' && c != '"' && c != '\\';
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
  drop_user_scopes(scopes);
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
  for (const auto& one : *scopes) {
    if (!config.lenient.any_scope && !has_scope(config.scopes, one)) {
      return refusal("invalid_scope", "a scope that this issuer does not know");
    }
    if (client != nullptr && client->scopes && !has_scope(*client->scopes, one)) {
      return refusal("invalid_scope", "a scope that the client may not ask for");
    }
  }
  return scopes;
}

}  // namespace mockserver
