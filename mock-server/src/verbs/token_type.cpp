#include "verbs/issued.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {

bool after(const oidc::Json& value, Call&, oidc::HttpResponse& reply) {
  return set_token_member(reply, "token_type", value);
}

}  // namespace

extern const Verb kTokenTypeVerb{.name = "token_type", .endpoints = "token", .after = &after};

}  // namespace mockserver
