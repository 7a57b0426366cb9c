#include <algorithm>

#include "endpoints/endpoint.hpp"

namespace mockserver {

// One file each.
extern const Endpoint kAuthorizeEndpoint;
extern const Endpoint kDeviceAuthorizationEndpoint;
extern const Endpoint kDevicePageEndpoint;
extern const Endpoint kDiscoveryEndpoint;
extern const Endpoint kIntrospectEndpoint;
extern const Endpoint kJwksEndpoint;
extern const Endpoint kLogoutEndpoint;
extern const Endpoint kResourceEndpoint;
extern const Endpoint kParEndpoint;
extern const Endpoint kRegisterEndpoint;
extern const Endpoint kRevokeEndpoint;
extern const Endpoint kTokenEndpoint;
extern const Endpoint kUserinfoEndpoint;

namespace {

constexpr std::string_view kOidcForm = "/.well-known/openid-configuration";
constexpr std::string_view kOauthForm = "/.well-known/oauth-authorization-server";

// clang-format off
constexpr const Endpoint* kEndpoints[] = {
    &kDiscoveryEndpoint,
    &kJwksEndpoint,
    &kAuthorizeEndpoint,
    &kTokenEndpoint,
    &kDeviceAuthorizationEndpoint,
    &kDevicePageEndpoint,
    &kUserinfoEndpoint,
    &kIntrospectEndpoint,
    &kRevokeEndpoint,
    &kResourceEndpoint,
    &kParEndpoint,
    &kRegisterEndpoint,
    &kLogoutEndpoint,
};
// clang-format on

bool is_well_known(std::string_view path, std::string_view base_path) {
  for (const std::string_view form : {kOidcForm, kOauthForm}) {
    const bool appended = path.starts_with(base_path) && path.substr(base_path.size()) == form;
    const std::string_view last = path.starts_with(form) ? path.substr(form.size()) : std::string_view{"-"};
    // An issuer identifier may end with a slash, and here it comes last.
    const bool inserted = last == base_path || (last.starts_with(base_path) && last.substr(base_path.size()) == "/");
    if (appended || inserted) {
      return true;
    }
  }
  return false;
}

bool serves(const Endpoint& endpoint, std::string_view own_path, std::string_view path) {
  return path == own_path ||
         (endpoint.below && path.starts_with(own_path) && path.substr(own_path.size()).starts_with('/'));
}

}  // namespace

bool Endpoint::allows(std::string_view method) const {
  std::string_view rest = methods;
  while (!rest.empty()) {
    const auto comma = rest.find(", ");
    if (rest.substr(0, comma) == method) {
      return true;
    }
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 2);
  }
  return false;
}

std::span<const Endpoint* const> endpoints() {
  return kEndpoints;
}

std::optional<std::string> path_of(const World& world, const Endpoint& endpoint) {
  const EndpointSettings& settings = world.config.endpoints;
  const bool disabled = std::ranges::find(settings.disabled, endpoint.name) != settings.disabled.end();
  if (disabled || (endpoint.available != nullptr && !endpoint.available(world))) {
    return std::nullopt;
  }
  const auto moved = settings.paths.find(endpoint.name);
  return moved != settings.paths.end() ? moved->second : std::string{endpoint.path};
}

const Endpoint* find_endpoint(const World& world, std::string_view path) {
  const bool is_discovery = is_well_known(path, world.base_path);
  if (!is_discovery && !path.starts_with(world.base_path)) {
    return nullptr;
  }
  const std::string_view below = is_discovery ? kOidcForm : path.substr(world.base_path.size());
  for (const Endpoint* endpoint : kEndpoints) {
    if (const auto own_path = path_of(world, *endpoint); own_path && serves(*endpoint, *own_path, below)) {
      return endpoint;
    }
  }
  return nullptr;
}

}  // namespace mockserver
