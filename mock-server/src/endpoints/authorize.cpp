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

}  // namespace

oidc::Status admit_authorize(Call& call) {
  if (call.method == "POST" && media_type(call.request.headers) != "application/x-www-form-urlencoded") {
    return refusal("invalid_request", "the body must be application/x-www-form-urlencoded");
  }
  return trust_redirect_uri(call);
}

// RFC 6749 section 4.1, OIDC Core section 3.1.2.
oidc::HttpResponse authorize(Call& call) {
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

}  // namespace mockserver
