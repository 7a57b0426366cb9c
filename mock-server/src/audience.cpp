#include "audience.hpp"

#include <algorithm>

#include "refusal.hpp"

namespace mockserver {
namespace {

using Names = std::vector<std::string>;

void add_to(Names& names, const oidc::Json& audience) {
  if (audience.is_string()) {
    names.push_back(audience.get<std::string>());
  }
  for (const auto& one : audience.is_array() ? audience : oidc::Json::array()) {
    if (one.is_string()) {
      names.push_back(one.get<std::string>());
    }
  }
}

Names allowed(const Call& call, const oidc::Json& granted) {
  const IssuerConfig& config = call.world.config;
  Names names;
  if (!granted.is_null()) {
    add_to(names, granted);
    return names;
  }
  names = config.audiences;
  add_to(names, audience_of(config, call.client.get()));
  for (const auto& server : config.resource_servers) {
    names.push_back(server.id);
  }
  return names;
}

/// RFC 8707 section 2: an absolute URI without a fragment.
bool is_resource(const std::string& uri) {
  return uri.find(':') != std::string::npos && uri.find('#') == std::string::npos;
}

}  // namespace

oidc::Result<oidc::Json> requested_audience(const Call& call, const oidc::Json& granted) {
  const Names possible = allowed(call, granted);
  auto asked = oidc::Json::array();
  for (const auto& [name, value] : call.form) {
    if (name != "resource" && name != "audience") {
      continue;
    }
    if (name == "resource" && !is_resource(value)) {
      return refusal("invalid_target", "resource is no absolute URI, or has a fragment");
    }
    if (std::ranges::find(possible, value) == possible.end()) {
      return refusal("invalid_target", "tokens for this resource or audience are not to be had");
    }
    if (std::find(asked.begin(), asked.end(), value) == asked.end()) {
      asked.push_back(value);
    }
  }
  if (asked.empty()) {
    return granted;
  }
  return asked.size() == 1 ? oidc::Json(asked.front()) : asked;
}

}  // namespace mockserver
