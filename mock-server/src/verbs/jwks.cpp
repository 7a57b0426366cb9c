#include <algorithm>

#include "endpoints/endpoint.hpp"
#include "reply_document.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {

/// The same kid on every key: only trying them all finds the right one.
void duplicate_kids(oidc::Json& keys) {
  const std::string kid = keys.empty() ? "" : keys[0].value("kid", "");
  for (auto& key : keys) {
    key["kid"] = kid;
  }
}

void break_keys(std::string_view how, oidc::Json& keys) {
  if (how == "empty") {
    keys = oidc::Json::array();
  } else if (how == "duplicate_kid") {
    duplicate_kids(keys);
  } else if (how == "shuffle") {
    std::ranges::reverse(keys);  // always another order, and the same one for every seed
  } else {
    const std::string_view member = how == "drop_kid" ? "kid" : how == "no_alg" ? "alg" : "use";
    for (auto& key : keys) {
      key.erase(std::string{member});
    }
  }
}

bool after(const oidc::Json& value, Call& call, oidc::HttpResponse& reply) {
  if (call.endpoint->name != "jwks") {
    return false;
  }
  const oidc::Json faults = value.is_array() ? value : oidc::Json::array({value});
  return edit_document(reply, [&](oidc::Json& document) {
    for (const auto& fault : faults) {
      if (document.contains("keys")) {
        break_keys(fault.get<std::string>(), document["keys"]);
      }
    }
  });
}

}  // namespace

extern const Verb kJwksVerb{.name = "jwks", .endpoints = "jwks", .after = &after};

}  // namespace mockserver
