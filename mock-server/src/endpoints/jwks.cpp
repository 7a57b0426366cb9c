#include "endpoints/endpoint.hpp"

namespace mockserver {

// RFC 7517 section 5. "application/json" because not every client takes the type of its own.
oidc::HttpResponse jwks(Call& call) {
  return {200, {{"Content-Type", "application/json"}}, *call.world.keys.jwks()};
}

}  // namespace mockserver
