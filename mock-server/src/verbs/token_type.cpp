#include "verbs/issued.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace token_type {

bool after(const oidc::Json& value, Call&, oidc::HttpResponse& reply) {
  return set_token_member(reply, "token_type", value);
}

}  // namespace token_type
}  // namespace

extern const Verb kTokenTypeVerb{.name = "token_type", .endpoints = "token", .after = &token_type::after};

}  // namespace mockserver
