#include "reply.hpp"

#include "dpop.hpp"
#include "pages.hpp"
#include "response_mode.hpp"

namespace mockserver {
namespace {

int default_status(std::string_view code) {
  if (code == "server_error") {
    return 500;
  }
  return code == "temporarily_unavailable" ? 503 : 400;
}

int challenge_status(std::string_view code) {
  if (code == "insufficient_scope") {
    return 403;
  }
  const bool about_proof = code == "invalid_dpop_proof" || code == "use_dpop_nonce";
  return code.empty() || code == "invalid_token" || about_proof ? 401 : default_status(code);
}

}  // namespace

std::string quoted_string(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += '\\';
    }
    result += c;
  }
  return result + '"';
}

oidc::HttpResponse json_reply(int status, const oidc::Json& body) {
  return {status, {{"Content-Type", "application/json"}}, oidc::to_text(body)};
}

oidc::HttpResponse no_such_issuer() {
  return {
      404, {{"Content-Type", "text/plain; charset=utf-8"}, {"Access-Control-Allow-Origin", "*"}}, "no such issuer\n"};
}

oidc::HttpResponse refuse_as_json(const Call& call, const oidc::Error& error) {
  oidc::Json body = {{"error", error.oauth_error}};
  if (!error.message.empty()) {
    body["error_description"] = error.message;
  }
  const bool unknown_client = error.oauth_error == "invalid_client" && call.request.headers.contains("Authorization");
  const int usual = unknown_client ? 401 : default_status(error.oauth_error);
  auto reply = json_reply(error.http_status != 0 ? error.http_status : usual, body);
  if (unknown_client || reply.status == 401) {
    reply.headers.add("WWW-Authenticate", "Basic realm=" + quoted_string(call.world.base_url));
  }
  return reply;
}

oidc::HttpResponse refuse_as_challenge(const Call& call, const oidc::Error& error) {
  return refuse_as_challenge(call, error, {"openid"});
}

oidc::HttpResponse refuse_as_challenge(const Call& call, const oidc::Error& error, const Scopes& needed) {
  // Whoever came by the scheme DPoP learns what its proofs may be signed with (RFC 9449 section 7.1).
  const bool dpop = uses_dpop_scheme(call);
  std::string challenge = std::string{dpop ? "DPoP" : "Bearer"} + " realm=" + quoted_string(call.world.base_url);
  if (!error.oauth_error.empty()) {
    challenge += ", error=" + quoted_string(error.oauth_error);
    if (!error.message.empty()) {
      challenge += ", error_description=" + quoted_string(error.message);
    }
  }
  if (error.oauth_error == "insufficient_scope") {
    challenge += ", scope=" + quoted_string(to_text(needed));
  }
  if (dpop) {
    challenge += ", algs=" + quoted_string(dpop_algorithms());
  }
  const int status = error.http_status != 0 ? error.http_status : challenge_status(error.oauth_error);
  return {status, {{"WWW-Authenticate", std::move(challenge)}}, ""};
}

oidc::HttpResponse see_other(const Call& call, std::string location) {
  // Whatever was posted must not be posted on (RFC 9700 section 4.12).
  return {call.method == "POST" ? 303 : 302, {{"Location", std::move(location)}}, ""};
}

oidc::Form with_state(const Call& call, oidc::Form parameters) {
  if (const auto state = call.parameter("state")) {
    parameters.add("state", *state);
  }
  parameters.add("iss", call.world.issuer_id);
  return parameters;
}

std::string authorization_response(const Call& call, oidc::Form parameters) {
  const std::string encoded = with_state(call, std::move(parameters)).encode();
  const bool in_fragment = response_mode_of(call) == ResponseMode::kFragment;
  return in_fragment ? call.redirect_uri + "#" + encoded : oidc::append_query(call.redirect_uri, encoded);
}

oidc::HttpResponse respond_to_client(const Call& call, oidc::Form parameters) {
  if (response_mode_of(call) == ResponseMode::kFormPost) {
    return form_post_page(call.redirect_uri, with_state(call, std::move(parameters)));
  }
  return see_other(call, authorization_response(call, std::move(parameters)));
}

oidc::HttpResponse refuse_as_redirect(const Call& call, const oidc::Error& error) {
  if (call.redirect_uri.empty()) {
    return page_reply(error.http_status != 0 ? error.http_status : 400, error.oauth_error, error.message);
  }
  oidc::Form parameters{{"error", error.oauth_error}};
  if (!error.message.empty()) {
    parameters.add("error_description", error.message);
  }
  return respond_to_client(call, std::move(parameters));
}

}  // namespace mockserver
