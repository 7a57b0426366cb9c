#include "control/actions.hpp"

namespace mockserver::control {
namespace {

Decision to_decision(const std::string& text) {
  return text == "deny" ? Decision::kDeny : Decision::kApprove;
}

}  // namespace

oidc::HttpResponse decide_authorization(Call& call) {
  const auto redirect = call.issuer->decide_authorization(call.body.at("url").get<std::string>(),
                                                          to_decision(call.body.value("decision", "approve")));
  if (!redirect) {
    return problem_reply(to_problem(redirect.error(), "/url"));
  }
  return json_reply(200, {{"redirect_to", *redirect}});
}

oidc::HttpResponse decide_device(Call& call) {
  const std::string user_code = call.body.value("user_code", "");
  const std::string decision = call.body.at("decision").get<std::string>();
  const auto decided = decision == "expire" ? call.issuer->expire_device(user_code)
                                            : call.issuer->decide_device(user_code, to_decision(decision));
  if (!decided) {
    Problem problem = to_problem(decided.error(), "/user_code");
    problem.status = decided.error().code == oidc::Errc::kNotFound ? 404 : 409;
    return problem_reply(problem);
  }
  return {.status = 204, .headers = {}, .body = ""};
}

}  // namespace mockserver::control
