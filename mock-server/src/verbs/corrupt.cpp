#include "verbs/issued.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {

bool before(const oidc::Json& value, Call& call) {
  call.changes.corrupt = value.get<std::string>();
  return true;
}

bool after(const oidc::Json&, Call& call, oidc::HttpResponse& reply) {
  return issues_any_jwt(call, reply);
}

}  // namespace

extern const Verb kCorruptVerb{
    .name = "corrupt", .needs_processing = true, .endpoints = kJwtEndpoints, .before = &before, .after = &after};

}  // namespace mockserver
