#include <algorithm>

#include "bearer.hpp"
#include "endpoints/endpoint.hpp"
#include "refusal.hpp"
#include "reply.hpp"
#include "scope.hpp"
#include "token_claims.hpp"

namespace mockserver {

extern const Endpoint kResourceEndpoint;

namespace {
namespace resource {

/// Is the path the resource's or below it, by whole segments?
bool covers(const ResourceConfig& resource, std::string_view path) {
  const std::string_view own = resource.path.ends_with('/')
                                   ? std::string_view{resource.path}.substr(0, resource.path.size() - 1)
                                   : resource.path;
  return path.starts_with(own) && (path.size() == own.size() || path[own.size()] == '/');
}

/// The resource that a request is for: of those that cover its path, the one with the longest of its own.
const ResourceConfig* find_resource(const Call& call) {
  const std::string own = path_of(call.world, kResourceEndpoint).value_or("");
  const std::string path = call.path.substr(std::min(call.path.size(), own.size()));
  const ResourceConfig* found = nullptr;
  for (const ResourceConfig& resource : call.world.config.resources) {
    if (covers(resource, path) && (found == nullptr || resource.path.size() > found->path.size())) {
      found = &resource;
    }
  }
  return found;
}

bool is_for(const oidc::Json& audience, const std::string& wanted) {
  return wanted.empty() || audience == wanted ||
         (audience.is_array() && std::find(audience.begin(), audience.end(), wanted) != audience.end());
}

bool has_all(const Scopes& scopes, const Scopes& needed) {
  return std::ranges::all_of(needed, [&](const std::string& scope) { return has_scope(scopes, scope); });
}

// What RFC 6750 section 3 wants of a resource server. The token is looked up in the issuer's own state and not
// verified: that a signature was forged makes no difference here, since no such token was issued.
oidc::HttpResponse process(Call& call) {
  const ResourceConfig* resource = find_resource(call);
  if (resource == nullptr) {
    return json_reply(404, {{"error", "not_found"}});
  }
  const auto live = shown_token(call);
  if (!live) {
    return refuse_as_challenge(call, live.error());
  }
  if (!is_for(live->token.audience, resource->audience)) {
    return refuse_as_challenge(call, refusal("invalid_token", "the access token is for another audience"));
  }
  if (!has_all(live->token.scopes, resource->scopes)) {
    return refuse_as_challenge(call, refusal("insufficient_scope", "the resource needs more scopes"), resource->scopes);
  }
  const ClientPtr client = call.world.registry.client(live->grant.client);
  oidc::Json body = {{"resource", resource->path},
                     {"sub", subject_of(call.world, client.get(), live->grant)},
                     {"client_id", live->grant.client},
                     {"scope", to_text(live->token.scopes)},
                     {"aud", live->token.audience}};
  return json_reply(200, body);
}

bool is_available(const World& world) {
  return !world.config.resources.empty();
}

}  // namespace resource
}  // namespace

extern const Endpoint kResourceEndpoint{
    .name = "resource",
    .path = "/resource",
    .methods = "GET, HEAD, POST, PUT, PATCH, DELETE",
    .below = true,
    .no_store = true,
    .available = &resource::is_available,
    .admit = &find_token_owner,
    .process = &resource::process,
    .refuse = &refuse_as_challenge,
};

}  // namespace mockserver
