#include "scope.hpp"

#include <algorithm>

#include "refusal.hpp"

namespace mockserver {

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

Scopes default_scopes(const IssuerConfig& config) {
  Scopes scopes = config.scopes;
  std::erase_if(scopes, [](const std::string& scope) { return scope == "openid" || scope == "offline_access"; });
  return scopes;
}

oidc::Result<Scopes> requested_scopes(const IssuerConfig& config, const std::optional<std::string>& scope) {
  if (!scope) {
    return default_scopes(config);
  }
  Scopes scopes;
  std::string_view rest = *scope;
  while (!rest.empty()) {
    const auto blank = rest.find(' ');
    const std::string_view one = rest.substr(0, blank);
    rest.remove_prefix(blank == std::string_view::npos ? rest.size() : blank + 1);
    if (!has_scope(config.scopes, one)) {
      return refusal("invalid_scope", "a scope that this issuer does not know");
    }
    if (!has_scope(scopes, one)) {
      scopes.emplace_back(one);
    }
  }
  return scopes;
}

}  // namespace mockserver
