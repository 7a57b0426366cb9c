#include <algorithm>

#include "caching.hpp"
#include "endpoints/endpoint.hpp"
#include "reply_document.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace jwks {

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

/// The document as it was before the last change of the keys, and whole for a client that has it already.
std::string document_for(const oidc::Json& faults, const oidc::HttpResponse& reply, const KeyRing& keys) {
  if (std::ranges::find(faults, oidc::Json("stale")) != faults.end()) {
    return keys.stale_jwks()->text;
  }
  return reply.status == 304 ? keys.jwks()->text : reply.body;
}

bool after(const oidc::Json& value, Call& call, oidc::HttpResponse& reply) {
  if (call.endpoint->name != "jwks") {
    return false;
  }
  const oidc::Json faults = value.is_array() ? value : oidc::Json::array({value});
  const std::string before = call.world.keys.jwks()->text;
  reply.body = document_for(faults, reply, call.world.keys);
  if (reply.status == 304) {
    reply.status = 200;
    reply.headers.set("Content-Type", call.world.config.keys.jwks_content_type);
  }
  const bool edited = edit_document(reply, [&](oidc::Json& document) {
    for (const auto& fault : faults) {
      if (fault != "stale" && document.contains("keys")) {
        break_keys(fault.get<std::string>(), document["keys"]);
      }
    }
  });
  if (reply.headers.contains("ETag")) {
    reply.headers.set("ETag", entity_tag(reply.body));
  }
  return edited && reply.body != before;
}

}  // namespace jwks
}  // namespace

extern const Verb kJwksVerb{.name = "jwks", .endpoints = "jwks", .after = &jwks::after};

}  // namespace mockserver
