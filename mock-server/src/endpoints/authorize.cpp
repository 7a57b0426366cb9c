#include "authorization.hpp"
#include "endpoints/endpoint.hpp"
#include "refusal.hpp"
#include "reply.hpp"

namespace mockserver {
namespace {

oidc::HttpResponse redirect(std::string location) {
  return {302, {{"Location", std::move(location)}}, ""};
}

/// Shown until somebody decides; asks again every second.
oidc::HttpResponse waiting_page() {
  auto page = page_reply(200, "Sign in", "Waiting for a decision through the control API.");
  page.headers.add("Refresh", "1");
  return page;
}

oidc::Status admit(Call& call) {
  if (call.method == "POST" && media_type(call.request.headers) != "application/x-www-form-urlencoded") {
    return refusal("invalid_request", "the body must be application/x-www-form-urlencoded");
  }
  return trust_redirect_uri(call);
}

// RFC 6749 section 4.1, OIDC Core section 3.1.2.
oidc::HttpResponse process(Call& call) {
  const auto request = read_authorization(call);
  if (!request) {
    return refuse_as_redirect(call, request.error());
  }
  if (call.world.config.interaction == Interaction::kAuto) {
    return redirect(decided_redirect(call, *request, true));
  }
  if (auto decided = call.world.decisions.take(call.form.encode())) {
    return redirect(std::move(*decided));
  }
  if (request->no_prompt) {
    return refuse_as_redirect(call, refusal("login_required", "nobody is logged in"));
  }
  return waiting_page();
}

void describe_metadata(const World& world, const std::string& url, oidc::Json& metadata) {
  metadata["authorization_endpoint"] = url;
  metadata["response_types_supported"] = {"code"};
  metadata["response_modes_supported"] = {"query"};
  metadata["code_challenge_methods_supported"] = {"S256"};
  if (world.config.lenient.no_pkce) {
    metadata["code_challenge_methods_supported"].push_back("plain");
  }
  metadata["authorization_response_iss_parameter_supported"] = true;
  metadata["claims_parameter_supported"] = false;
  metadata["request_parameter_supported"] = false;
  metadata["request_uri_parameter_supported"] = false;
}

}  // namespace

extern const Endpoint kAuthorizeEndpoint{
    .name = "authorize",
    .path = "/authorize",
    .methods = "GET, POST",
    .no_store = true,
    .cors = false,
    .admit = &admit,
    .process = &process,
    .refuse = &refuse_as_redirect,
    .describe = &describe_metadata,
};

}  // namespace mockserver
