#include "client/token_endpoint.hpp"

#include <algorithm>

#include "http/header_token.hpp"

namespace authcore {
namespace {

oidc::Error malformed(int status, const std::string& why) {
  oidc::Error error;
  error.code = oidc::Errc::kMalformedResponse;
  error.message = "token endpoint: " + why;
  error.http_status = status;
  error.definite = false;  // the grant was honoured, only its result is unusable
  return error;
}

bool is_bearer(std::string type) {
  std::transform(type.begin(), type.end(), type.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return type == "bearer";
}

oidc::Status check_token_response(int status, const oidc::Json& response) {
  for (const char* name : {"refresh_token", "id_token", "scope"}) {
    const auto member = response.find(name);
    if (member != response.end() && !member->is_null() && !member->is_string()) {
      return malformed(status, std::string{name} + " is not a string");
    }
  }
  if (!is_header_token(oidc::string_member(response, "access_token").value_or(""))) {
    return malformed(status, "access_token is missing or not a token");
  }
  if (!is_bearer(oidc::string_member(response, "token_type").value_or(""))) {
    return malformed(status, "token_type is missing or not Bearer");
  }
  return oidc::Done{};
}

}  // namespace

oidc::Result<oidc::HttpRequest> form_post(const std::string& endpoint, oidc::Form form,
                                          const ClientAuthentication& authentication) {
  oidc::HttpRequest request;
  request.method = "POST";
  request.url = endpoint;
  const oidc::Status proved = authentication.apply(endpoint, form, request.headers);
  if (!proved) {
    return proved.error();
  }
  request.headers.set("Content-Type", "application/x-www-form-urlencoded");
  request.body = form.encode();
  return request;
}

oidc::Result<oidc::Json> read_token_response(const oidc::HttpRequest& request, const oidc::HttpResponse& response,
                                             oidc::TimePoint received) {
  oidc::Result<oidc::Json> body = read_json(
      {.response = response, .endpoint = "token endpoint", .secrets = secrets_of(request), .received = received});
  if (!body) {
    return body;
  }
  const oidc::Status checked = check_token_response(response.status, *body);
  if (!checked) {
    return checked.error();
  }
  return body;
}

oidc::Result<oidc::HttpRequest> TokenEndpoint::prepare(oidc::Form grant, const ClientAuthentication& authentication) {
  const oidc::Result<std::string> endpoint = discovery_.endpoint("token_endpoint");
  if (!endpoint) {
    return endpoint.error();
  }
  return form_post(*endpoint, std::move(grant), authentication);
}

oidc::Result<oidc::Json> TokenEndpoint::request(oidc::Form grant, const ClientAuthentication& authentication) {
  const oidc::Result<oidc::HttpRequest> request = prepare(std::move(grant), authentication);
  if (!request) {
    return request.error();
  }
  const oidc::Result<oidc::HttpResponse> response = http_.send(*request);
  if (!response) {
    return response.error();
  }
  return read_token_response(*request, *response, clock_.now());
}

}  // namespace authcore
