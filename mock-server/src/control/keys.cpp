// Signing keys.

#include "control/actions.hpp"

namespace mockserver::control {

oidc::HttpResponse list_keys(Call& call) {
  return json_reply(200, {{"keys", call.issuer->keys()}});
}

oidc::HttpResponse rotate_keys(Call& call) {
  return json_reply(
      200, {{"kid", call.issuer->rotate_keys(call.body.value("keep_old", true), call.body.value("publish", "now"))}});
}

oidc::HttpResponse retire_key(Call& call) {
  if (const auto retired = call.issuer->retire_key(call.name); !retired) {
    Problem problem = to_problem(retired.error());
    problem.status = retired.error().code == oidc::Errc::kNotFound ? 404 : 409;
    return problem_reply(problem);
  }
  return {.status = 204, .headers = {}, .body = ""};
}

}  // namespace mockserver::control
