#include <algorithm>

#include "caching.hpp"
#include "endpoints/endpoint.hpp"
#include "places.hpp"
#include "reply.hpp"

namespace mockserver {
namespace {
namespace discovery {

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

oidc::Json subject_types(const World& world) {
  oidc::Json types = oidc::Json::array({"public"});
  if (std::ranges::any_of(world.registry.clients(), [](const ClientPtr& client) { return client->pairwise; })) {
    types.push_back("pairwise");
  }
  return types;
}

/// Only if there are clients who read it.
void describe_encryption(const World& world, oidc::Json& metadata) {
  if (std::ranges::any_of(world.registry.clients(),
                          [](const ClientPtr& client) { return !client->id_token_encrypted_alg.empty(); })) {
    metadata["id_token_encryption_alg_values_supported"] = {"RSA-OAEP", "RSA-OAEP-256"};
    metadata["id_token_encryption_enc_values_supported"] = {"A128GCM", "A192GCM", "A256GCM"};
  }
}

// OIDC Discovery section 3 and RFC 8414 section 2. Each endpoint adds what is so of it: nothing that the
// issuer doesn't do, and "false" where the default would promise it.
oidc::HttpResponse process(Call& call) {
  const World& world = call.world;
  oidc::Json metadata = {
      {"issuer", world.issuer_id},
      {"scopes_supported", world.config.scopes},
      {"subject_types_supported", subject_types(world)},
      {"id_token_signing_alg_values_supported", id_token_algs(world)},
      {"response_types_supported", oidc::Json::array()},  // required also where there is no authorization endpoint
  };
  describe_encryption(world, metadata);
  for (const Endpoint* endpoint : endpoints()) {
    if (const auto path = path_of(world, *endpoint); path && endpoint->describe != nullptr) {
      endpoint->describe(world, world.base_url + *path, metadata);
    }
  }
  metadata.merge_patch(with_places(world, world.config.metadata, "").value());  // checked with the configuration
  return cacheable(call, json_reply(200, metadata));
}

}  // namespace discovery
}  // namespace

extern const Endpoint kDiscoveryEndpoint{
    .name = "discovery",
    .path = "/.well-known/openid-configuration",
    .methods = "GET, HEAD",
    .process = &discovery::process,
    .refuse = &refuse_as_json,
};

}  // namespace mockserver
