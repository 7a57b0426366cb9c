#include "client_auth/authenticate.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {

/// Tokens that the request shows, under whatever name.
std::vector<std::string> presented_tokens(const Call& call) {
  std::vector<std::string> values;
  for (const char* name : {"refresh_token", "token", "access_token"}) {
    if (auto value = call.parameter(name)) {
      values.push_back(std::move(*value));
    }
  }
  if (const auto header = call.request.headers.get("Authorization"); header && has_scheme(*header, "Bearer")) {
    values.emplace_back(after_scheme(*header));
  }
  return values;
}

bool expire_access(Call& call) {
  bool found = false;
  for (const auto& value : presented_tokens(call)) {
    if (const auto grant = call.world.tokens.grant_of(value)) {
      call.world.tokens.expire_access_of(*grant, call.now);
      found = true;
    }
  }
  return found;
}

bool expire_presented(Call& call) {
  bool found = false;
  for (const auto& value : presented_tokens(call)) {
    found = call.world.tokens.expire(value, call.now) || found;
  }
  return found;
}

bool before(const oidc::Json& value, Call& call) {
  if (value == "access") {
    return expire_access(call);
  }
  if (value == "refresh") {
    return expire_presented(call);
  }
  if (value == "code") {
    return call.world.codes.expire(call.form.value_or_empty("code"), call.now);
  }
  return call.world.devices.expire_device_code(call.form.value_or_empty("device_code"), call.now);
}

}  // namespace

extern const Verb kExpireVerb{.name = "expire", .before = &before};

}  // namespace mockserver
