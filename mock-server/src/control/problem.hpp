#pragma once

#include <string>
#include <string_view>

#include "oidc/http.hpp"
#include "oidc/json.hpp"
#include "oidc/result.hpp"
#include "oidc/schema.hpp"

namespace mockserver::control {

/// What is wrong with a request, as RFC 9457 problem JSON. Empty members are left out.
struct Problem {
  int status = 400;
  std::string detail;       ///< one sentence, never a secret
  std::string pointer{};    ///< JSON Pointer to the bad member of the body
  std::string parameter{};  ///< name of the bad query parameter
  std::string expected{};
  std::string suggestion{};
};

oidc::HttpResponse problem_reply(const Problem& problem);
oidc::HttpResponse json_reply(int status, const oidc::Json& body);

/// A schema's finding; `prefix` is the pointer to the value that was checked.
Problem to_problem(const oidc::SchemaProblem& found, const std::string& prefix = "");
/// An error as a problem: 404 for `kNotFound`, else 400. The pointer that a `kBadInput`
/// message starts with moves to `pointer`, behind `prefix`.
Problem to_problem(const oidc::Error& error, const std::string& prefix = "");

}  // namespace mockserver::control
