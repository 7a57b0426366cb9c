#include <algorithm>

#include "authorization.hpp"
#include "endpoints/endpoint.hpp"
#include "form_request.hpp"
#include "question.hpp"
#include "refusal.hpp"
#include "reply.hpp"

namespace mockserver {
namespace {
namespace authorize {

/// Shown until somebody decides; asks again every second, by GET also for a posted request.
oidc::HttpResponse waiting_page(const Call& call) {
  auto page = page_reply(200, "Sign in", "Waiting for a decision through the control API.");
  page.headers.add("Refresh", call.method == "POST" ? "1; url=" + call.url.path + "?" + as_asked(call).encode() : "1");
  return page;
}

oidc::Status admit(Call& call) {
  if (const auto read = read_browser_form(call); !read) {
    return read;
  }
  const auto answer = answer_of(call);
  if (!answer) {
    return trust_parameters(call);
  }
  const auto question = question_of(call, *answer, Purpose::kAuthorize);
  if (!question) {
    return question.error();
  }
  take_parameters(call, parse_parameters(question->request).value());
  return trust_parameters(call);
}

oidc::HttpResponse answer_at_once(Call& call, const AuthorizationRequest& request) {
  const auto login = login_without_asking(call, request.login);
  if (!login) {
    return refuse_as_redirect(call, login.error());
  }
  const UserPtr user = call.world.registry.user(login->sub);
  const bool denies = user != nullptr && user->denies;
  return respond_to_client(call, denies ? denied(call) : approved(call, request, *login));
}

oidc::HttpResponse await_decision(Call& call, const AuthorizationRequest& request) {
  if (const auto decided = call.world.decisions.take(call.form.encode())) {
    return respond_to_client(call, oidc::parse_form(*decided).value());
  }
  if (request.login.no_prompt) {
    return refuse_as_redirect(call, refusal("login_required", "nobody is logged in"));
  }
  return waiting_page(call);
}

bool needs_consent(const Call& call, const AuthorizationRequest& request, const Login& login) {
  return request.login.prompt_consent || !call.world.browsers.has_consented(login.sub, call.client->id, request.scopes);
}

oidc::HttpResponse ask_for_consent(const Call& call, const AuthorizationRequest& request, const Question& question) {
  return with_cookie(call, question.browser,
                     consent_page({.form = form_of(call, question),
                                   .client = call.client->id,
                                   .user = question.login->sub,
                                   .scopes = request.scopes}));
}

/// The end of the question: of two answers at once only one gets here.
oidc::HttpResponse finish(Call& call, const AuthorizationRequest& request, const Question& question, bool yes) {
  if (!call.world.browsers.end(question.id)) {
    return page_reply(400, "invalid_request", "This page was answered before.");
  }
  const UserPtr user = question.login ? call.world.registry.user(question.login->sub) : nullptr;
  const bool approves = yes && user != nullptr && !user->denies;
  if (approves) {
    call.world.browsers.consent(question.login->sub, call.client->id, request.scopes);
  }
  return with_cookie(call, question.browser,
                     respond_to_client(call, approves ? approved(call, request, *question.login) : denied(call)));
}

oidc::HttpResponse read_answer(Call& call, const AuthorizationRequest& request, const oidc::Form& answer) {
  auto question = question_of(call, answer, Purpose::kAuthorize);
  if (!question) {
    return page_reply(400, "invalid_request", question.error().message);
  }
  const std::string action = answer.value_or_empty("action");
  if (action == "deny") {
    return finish(call, request, *question, false);
  }
  if (action == "approve" && question->login) {
    return finish(call, request, *question, true);
  }
  if (action != "login") {
    return ask_to_log_in(call, *question, call.client->id, request.login.login_hint);
  }
  if (const auto logged_in = log_in(call, *question, answer); !logged_in) {
    return ask_to_log_in(call, *question, call.client->id, answer.value_or_empty("username"),
                         logged_in.error().message);
  }
  const std::string& wanted = request.login.hinted_sub;
  if (!wanted.empty() && wanted != question->login->sub) {
    return ask_to_log_in(call, *question, call.client->id, wanted, "The application asks for " + wanted + ".");
  }
  return needs_consent(call, request, *question->login) ? ask_for_consent(call, request, *question)
                                                        : finish(call, request, *question, true);
}

/// Pages, as far as the browser's session doesn't answer already (OIDC Core section 3.1.2.3).
oidc::HttpResponse ask_the_user(Call& call, const AuthorizationRequest& request) {
  if (const auto answer = answer_of(call)) {
    return read_answer(call, request, *answer);
  }
  if (auto again = asked_again(call, as_asked(call))) {
    return *std::move(again);
  }
  auto login = call.world.browsers.login_of(browser_of(call));
  if (login && (!will_do(*login, request.login, call.now) || call.world.registry.user(login->sub) == nullptr)) {
    login.reset();
  }
  if (login && !needs_consent(call, request, *login)) {
    return respond_to_client(call, approved(call, request, *login));
  }
  if (request.login.no_prompt) {
    return refuse_as_redirect(call, login ? refusal("consent_required", "the user has not agreed yet")
                                          : refusal("login_required", "nobody is logged in"));
  }
  const Question question = begin_question(call, Purpose::kAuthorize, as_asked(call).encode(), login);
  return login ? ask_for_consent(call, request, question)
               : ask_to_log_in(call, question, call.client->id, request.login.login_hint);
}

// RFC 6749 section 4.1, OIDC Core section 3.1.2.
oidc::HttpResponse process(Call& call) {
  const auto request = read_authorization(call);
  if (!request) {
    return refuse_as_redirect(call, request.error());
  }
  switch (call.world.config.interaction) {
    case Interaction::kApi:
      return await_decision(call, *request);
    case Interaction::kForm:
      return ask_the_user(call, *request);
    case Interaction::kAuto:
      break;
  }
  return answer_at_once(call, *request);
}

void describe_metadata(const World& world, const std::string& url, oidc::Json& metadata) {
  metadata["authorization_endpoint"] = url;
  metadata["response_types_supported"] = {"code"};
  metadata["response_modes_supported"] = {"query", "fragment", "form_post"};
  metadata["code_challenge_methods_supported"] = {"S256"};
  if (world.config.lenient.no_pkce) {
    metadata["code_challenge_methods_supported"].push_back("plain");
  }
  metadata["prompt_values_supported"] = {"none", "login", "consent", "select_account"};
  metadata["authorization_response_iss_parameter_supported"] = true;
  metadata["claims_parameter_supported"] = false;
  metadata["request_parameter_supported"] = false;
  metadata["request_uri_parameter_supported"] = false;
  oidc::Json acrs = oidc::Json::array();
  for (const UserPtr& user : world.registry.users()) {
    if (!user->acr.empty() && std::find(acrs.begin(), acrs.end(), user->acr) == acrs.end()) {
      acrs.push_back(user->acr);
    }
  }
  if (!acrs.empty()) {
    metadata["acr_values_supported"] = std::move(acrs);
  }
}

}  // namespace authorize
}  // namespace

extern const Endpoint kAuthorizeEndpoint{
    .name = "authorize",
    .path = "/authorize",
    .methods = "GET, POST",
    .no_store = true,
    .cors = false,
    .admit = &authorize::admit,
    .process = &authorize::process,
    .refuse = &refuse_as_redirect,
    .describe = &authorize::describe_metadata,
};

}  // namespace mockserver
