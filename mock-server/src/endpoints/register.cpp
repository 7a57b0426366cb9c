#include "client_auth/authenticate.hpp"
#include "endpoints/endpoint.hpp"
#include "oidc/openssl.hpp"
#include "refusal.hpp"
#include "registration.hpp"
#include "reply.hpp"

namespace mockserver {

extern const Endpoint kRegisterEndpoint;

namespace {
namespace registering {

/// The client that a request to its configuration endpoint is about (RFC 7592 section 2); "" for a new one.
std::string named_client(const Call& call) {
  const std::string own_path = path_of(call.world, kRegisterEndpoint).value_or("/register");
  const auto id = call.path.size() > own_path.size() ? oidc::form_decode(call.path.substr(own_path.size() + 1))
                                                     : oidc::Result<std::string>{std::string{}};
  return id ? *id : "";
}

bool is_about_a_client(const Call& call) {
  return !named_client(call).empty();
}

/// RFC 7592 section 2.1: a wrong token and a client that is gone are told the same.
oidc::Status check_registration_token(const Call& call) {
  const auto authorization = call.request.headers.get("Authorization");
  if (!authorization || !has_scheme(*authorization, "Bearer")) {
    return refusal("", "");
  }
  const auto registration = call.world.registrations.find(call.client_id);
  if (!registration || !oidc::equal_secrets(after_scheme(*authorization), registration->token)) {
    return refusal("invalid_token", "the registration access token is not this client's");
  }
  return oidc::Done{};
}

oidc::Status admit(Call& call) {
  call.client_id = named_client(call);
  if (is_about_a_client(call) == (call.method == "POST")) {
    return refusal("invalid_request", "method not allowed", 405);
  }
  if (is_about_a_client(call)) {
    if (const auto checked = check_registration_token(call); !checked) {
      return checked;
    }
  }
  const bool has_body = call.method == "POST" || call.method == "PUT";
  if (has_body && media_type(call.request.headers) != "application/json") {
    return refusal("invalid_client_metadata", "the body must be application/json");
  }
  return oidc::Done{};
}

oidc::HttpResponse process(Call& call) {
  if (call.method == "DELETE") {
    unregister(call);
    return {204, {}, ""};
  }
  const std::string url = call.world.base_url + path_of(call.world, kRegisterEndpoint).value_or("/register") + "/";
  if (call.method == "GET") {
    return json_reply(200, registration_response(call.world, call.client_id, url));
  }
  const bool is_new = call.method == "POST";
  const auto registered = is_new ? register_client(call) : update_registration(call);
  return registered ? json_reply(is_new ? 201 : 200, registration_response(call.world, call.client_id, url))
                    : refuse_as_json(call, registered.error());
}

oidc::HttpResponse refuse(const Call& call, const oidc::Error& error) {
  if (error.oauth_error.empty() || error.oauth_error == "invalid_token") {
    return refuse_as_challenge(call, error);
  }
  auto reply = refuse_as_json(call, error);
  if (error.http_status == 405) {
    reply.headers.add("Allow", is_about_a_client(call) ? "GET, PUT, DELETE, OPTIONS" : "POST, OPTIONS");
  }
  return reply;
}

bool is_open(const World& world) {
  return world.config.registration;
}

void describe_metadata(const World&, const std::string& url, oidc::Json& metadata) {
  metadata["registration_endpoint"] = url;
}

}  // namespace registering
}  // namespace

extern const Endpoint kRegisterEndpoint{
    .name = "register",
    .path = "/register",
    .methods = "POST, GET, PUT, DELETE",
    .below = true,
    .no_store = true,
    .available = &registering::is_open,
    .admit = &registering::admit,
    .process = &registering::process,
    .refuse = &registering::refuse,
    .describe = &registering::describe_metadata,
};

}  // namespace mockserver
