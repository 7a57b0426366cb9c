#include "verbs/issued.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {

bool before(const oidc::Json& value, Call& call) {
  call.changes.sign = value.get<std::string>();
  return true;
}

bool after(const oidc::Json&, Call&, oidc::HttpResponse& reply) {
  return issues_jwt(reply, "access_token") || issues_jwt(reply, "id_token");
}

}  // namespace

extern const Verb kSignVerb{.name = "sign", .before = &before, .after = &after};

}  // namespace mockserver
