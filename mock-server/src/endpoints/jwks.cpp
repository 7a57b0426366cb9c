#include "caching.hpp"
#include "endpoints/endpoint.hpp"
#include "reply.hpp"

namespace mockserver {
namespace {
namespace jwks {

// RFC 7517 section 5. Usually "application/json", because not every client takes the type of its own.
oidc::HttpResponse process(Call& call) {
  const auto jwks = call.world.keys.fetch_jwks();
  return cacheable(call, {200, {{"Content-Type", call.world.config.keys.jwks_content_type}}, jwks->text}, jwks->etag);
}

void describe_metadata(const World&, const std::string& url, oidc::Json& metadata) {
  metadata["jwks_uri"] = url;
}

}  // namespace jwks
}  // namespace

extern const Endpoint kJwksEndpoint{
    .name = "jwks",
    .path = "/jwks",
    .methods = "GET, HEAD",
    .process = &jwks::process,
    .refuse = &refuse_as_json,
    .describe = &jwks::describe_metadata,
};

}  // namespace mockserver
