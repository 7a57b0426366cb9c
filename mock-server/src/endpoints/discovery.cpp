#include <algorithm>

#include "caching.hpp"
#include "endpoints/endpoint.hpp"
#include "reply.hpp"

namespace mockserver {
namespace {

/// The issuer's algorithm and those that clients have of their own.
std::vector<std::string> id_token_algs(const World& world) {
  std::vector<std::string> algs{world.config.signing_alg};
  for (const ClientPtr& client : world.registry.clients()) {
    if (const std::string& alg = client->id_token_alg; !alg.empty() && std::ranges::find(algs, alg) == algs.end()) {
      algs.push_back(alg);
    }
  }
  return algs;
}

// OIDC Discovery section 3 and RFC 8414 section 2. Each endpoint adds what is so of it: nothing that the
// issuer doesn't do, and "false" where the default would promise it.
oidc::HttpResponse process(Call& call) {
  const World& world = call.world;
  oidc::Json metadata = {
      {"issuer", world.issuer_id},
      {"scopes_supported", world.config.scopes},
      {"subject_types_supported", oidc::Json::array({"public"})},
      {"id_token_signing_alg_values_supported", id_token_algs(world)},
  };
  for (const Endpoint* endpoint : endpoints()) {
    if (const auto path = path_of(world, *endpoint); path && endpoint->describe != nullptr) {
      endpoint->describe(world, world.base_url + *path, metadata);
    }
  }
  metadata.merge_patch(world.config.metadata);
  return cacheable(call, json_reply(200, metadata));
}

}  // namespace

extern const Endpoint kDiscoveryEndpoint{
    .name = "discovery",
    .path = "/.well-known/openid-configuration",
    .methods = "GET, HEAD",
    .process = &process,
    .refuse = &refuse_as_json,
};

}  // namespace mockserver
