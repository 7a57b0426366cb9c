#include "resource_servers.hpp"

#include <algorithm>
#include <iterator>

namespace mockserver {

std::vector<ScopePart> parts_of(const World& world, const Scopes& scopes) {
  Scopes rest = scopes;
  std::vector<ScopePart> parts;
  for (const ResourceServerConfig& server : world.config.resource_servers) {
    Scopes own;
    std::ranges::copy_if(scopes, std::back_inserter(own),
                         [&](const std::string& scope) { return has_scope(server.scopes, scope); });
    std::erase_if(rest, [&](const std::string& scope) { return has_scope(server.scopes, scope); });
    if (!own.empty()) {
      parts.push_back({server.id, std::move(own)});
    }
  }
  const bool matters = std::ranges::any_of(rest, [](const std::string& scope) { return scope != "offline_access"; });
  if (matters || parts.empty()) {
    parts.insert(parts.begin(), {world.issuer_id, std::move(rest)});
  }
  return parts;
}

}  // namespace mockserver
