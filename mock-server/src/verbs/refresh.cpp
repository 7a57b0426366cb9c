#include "endpoints/endpoint.hpp"
#include "refusal.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace refresh {

RefreshPolicy policy_of(std::string_view name) {
  if (name == "same") {
    return RefreshPolicy::kSame;
  }
  return name == "omit" ? RefreshPolicy::kOmit : RefreshPolicy::kRotate;
}

bool before(const oidc::Json& value, Call& call) {
  if (call.grant != "refresh_token") {
    return false;
  }
  const auto name = value.get<std::string>();
  if (name == "reject") {
    call.replaced = true;  // the token is refused, not used up
  } else {
    call.changes.refresh = policy_of(name);
  }
  return true;
}

bool after(const oidc::Json& value, Call& call, oidc::HttpResponse& reply) {
  if (call.grant == "refresh_token" && value == "reject") {
    reply = call.endpoint->refuse(call, refusal("invalid_grant", "the refresh token is not accepted"));
    return true;
  }
  return reply.status == 200;
}

}  // namespace refresh
}  // namespace

extern const Verb kRefreshVerb{.name = "refresh",
                               .needs_processing = true,
                               .endpoints = "token",
                               .grants = "refresh_token",
                               .before = &refresh::before,
                               .after = &refresh::after};

}  // namespace mockserver
