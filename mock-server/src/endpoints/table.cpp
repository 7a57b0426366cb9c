#include <algorithm>
#include <array>

#include "endpoints/endpoint.hpp"
#include "reply.hpp"

namespace mockserver {
namespace {

constexpr std::string_view kOidcForm = "/.well-known/openid-configuration";
constexpr std::string_view kOauthForm = "/.well-known/oauth-authorization-server";

// HEAD where it is asked for and safe: at /authorize it would make a code that nobody gets.
// clang-format off
constexpr std::array kEndpoints = {
    // name, path, methods, no_store, cors, admit, process, refuse
    Endpoint{"discovery", kOidcForm, "GET, HEAD", false, true, nullptr, &discovery, &refuse_as_json},
    Endpoint{"jwks", "/jwks", "GET, HEAD", false, true, nullptr, &jwks, &refuse_as_json},
    Endpoint{"authorize", "/authorize", "GET, POST", true, false, &admit_authorize, &authorize, &refuse_as_redirect},
    Endpoint{"token", "/token", "POST", true, true, &admit_token, &token, &refuse_as_json},
    Endpoint{"device_authorization", "/device_authorization", "POST", true, true, &admit_device_authorization, &device_authorization, &refuse_as_json},
    Endpoint{"device_page", "/device", "GET", true, false, nullptr, &device_page, &refuse_as_redirect},
    Endpoint{"userinfo", "/userinfo", "GET, POST", true, true, &admit_userinfo, &userinfo, &refuse_as_challenge},
    Endpoint{"introspect", "/introspect", "POST", true, true, &admit_introspect, &introspect, &refuse_as_json},
    Endpoint{"revoke", "/revoke", "POST", true, true, &admit_revoke, &revoke, &refuse_as_json},
};
// clang-format on

bool is_well_known(std::string_view path, std::string_view base_path) {
  for (const std::string_view form : {kOidcForm, kOauthForm}) {
    const bool appended = path.starts_with(base_path) && path.substr(base_path.size()) == form;
    const bool inserted = path.starts_with(form) && path.substr(form.size()) == base_path;
    if (appended || inserted) {
      return true;
    }
  }
  return false;
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

std::span<const Endpoint> endpoints() {
  return kEndpoints;
}

const Endpoint* find_endpoint(std::string_view path, std::string_view base_path) {
  if (is_well_known(path, base_path)) {
    return &kEndpoints.front();
  }
  if (!path.starts_with(base_path)) {
    return nullptr;
  }
  const auto found = std::ranges::find(kEndpoints, path.substr(base_path.size()), &Endpoint::path);
  return found == kEndpoints.end() ? nullptr : &*found;
}

}  // namespace mockserver
