#include "client_auth/any_client.hpp"

#include "config/readers.hpp"

namespace mockserver {
namespace {

// No registered client can have it: it is no URL.
constexpr std::string_view kAnyUri = "*";

}  // namespace

ClientPtr find_client(World& world, std::string_view id) {
  ClientPtr client = world.registry.client(id);
  if (client != nullptr || !world.config.lenient.any_client || id.empty()) {
    return client;
  }
  ClientConfig stranger;
  stranger.id = id;
  // Whatever a confidential client may: who comes along with a secret needs client_credentials.
  stranger.grants = default_grants(ClientAuthMethod::kSecretBasic);
  stranger.redirect_uris = {std::string{kAnyUri}};
  world.registry.put(std::move(stranger));
  return world.registry.client(id);
}

bool is_taken_in(const ClientConfig& client) {
  return client.redirect_uris.size() == 1 && client.redirect_uris.front() == kAnyUri;
}

}  // namespace mockserver
