#include "control/problem.hpp"

namespace mockserver::control {
namespace {

/// The titles of problems without a type of their own (RFC 9457 §4.2.1).
std::string_view title_of(int status) {
  switch (status) {
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 415:
      return "Unsupported Media Type";
    case 421:
      return "Misdirected Request";
    case 503:
      return "Service Unavailable";
    default:
      return "Error";
  }
}

}  // namespace

oidc::HttpResponse json_reply(int status, const oidc::Json& body) {
  return {.status = status, .headers = {{"Content-Type", "application/json"}}, .body = oidc::to_text(body) + "\n"};
}

oidc::HttpResponse problem_reply(const Problem& problem) {
  oidc::Json body = {{"type", "about:blank"},
                     {"title", title_of(problem.status)},
                     {"status", problem.status},
                     {"detail", problem.detail}};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) {
      body[name] = value;
    }
  };
  add("pointer", problem.pointer);
  add("parameter", problem.parameter);
  add("expected", problem.expected);
  add("suggestion", problem.suggestion);
  auto reply = json_reply(problem.status, body);
  reply.headers.set("Content-Type", "application/problem+json");
  return reply;
}

Problem to_problem(const oidc::SchemaProblem& found, const std::string& prefix) {
  return {.status = 400,
          .detail = found.message,
          .pointer = prefix + found.pointer,
          .expected = found.expected,
          .suggestion = found.suggestion};
}

Problem to_problem(const oidc::Error& error, const std::string& prefix) {
  Problem problem{
      .status = error.code == oidc::Errc::kNotFound ? 404 : 400, .detail = error.message, .pointer = prefix};
  const auto colon = error.message.find(": ");
  if (error.code == oidc::Errc::kBadInput && error.message.starts_with('/') && colon != std::string::npos) {
    const std::string pointer = error.message.substr(0, colon);
    problem.pointer += pointer == "/" ? "" : pointer;  // "/" stands for the whole value
    problem.detail = error.message.substr(colon + 2);
  }
  return problem;
}

}  // namespace mockserver::control
