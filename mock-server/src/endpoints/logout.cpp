#include <algorithm>

#include "endpoints/endpoint.hpp"
#include "form_request.hpp"
#include "limits.hpp"
#include "login.hpp"
#include "question.hpp"
#include "refusal.hpp"
#include "reply.hpp"

namespace mockserver {
namespace {
namespace logout {

oidc::Status check_client(Call& call, const std::optional<IdTokenHint>& hint) {
  const auto claimed = call.parameter("client_id");
  if (hint && claimed && *claimed != hint->client) {
    return refusal("invalid_request", "the id_token_hint was issued to another client");
  }
  call.client_id = hint ? hint->client : claimed.value_or("");
  call.client = call.world.registry.client(call.client_id);
  if (!call.client_id.empty() && call.client == nullptr) {
    return refusal("invalid_request", "unknown client_id");
  }
  return oidc::Done{};
}

/// The URI must be registered exactly: no port is free here (OIDC RP-Initiated Logout section 3).
oidc::Status check_way_back(const Call& call) {
  const auto uri = call.parameter("post_logout_redirect_uri");
  if (!uri) {
    return oidc::Done{};
  }
  if (call.client == nullptr) {
    return refusal("invalid_request", "post_logout_redirect_uri needs an id_token_hint or a client_id");
  }
  const auto& registered = call.client->post_logout_redirect_uris;
  if (std::ranges::find(registered, *uri) == registered.end()) {
    return refusal("invalid_request", "the post_logout_redirect_uri is not registered");
  }
  return oidc::Done{};
}

// Errors are pages: whoever sent the browser here may not be trusted.
oidc::Status check_request(Call& call) {
  if (const auto checked = check_what_is_kept(call.form, kLongestRequest); !checked) {
    return checked;
  }
  if (call.form.repeated_name()) {
    return refusal("invalid_request", "a parameter is given more than once");
  }
  std::optional<IdTokenHint> hint;
  if (const auto token = call.parameter("id_token_hint")) {
    hint = read_id_token(call.world, *token);
    if (!hint) {
      return refusal("invalid_request", "the id_token_hint is no ID token of this issuer");
    }
  }
  if (const auto checked = check_client(call, hint); !checked) {
    return checked;
  }
  return check_way_back(call);
}

/// A logout page that was sent back; any interaction has it.
std::optional<oidc::Form> page_answer(const Call& call) {
  return call.method == "POST" && call.form.contains("interaction") ? std::optional{call.form} : std::nullopt;
}

oidc::Status admit(Call& call) {
  if (const auto read = read_browser_form(call); !read) {
    return read;
  }
  return page_answer(call) ? oidc::Done{} : check_request(call);
}

oidc::HttpResponse log_out(Call& call) {
  call.world.browsers.log_out(browser_of(call));
  const auto uri = call.parameter("post_logout_redirect_uri");
  if (!uri) {
    return page_reply(200, "Signed out", "You are signed out.");
  }
  const auto state = call.parameter("state");
  return see_other(call, state ? oidc::append_query(*uri, oidc::Form{{"state", *state}}.encode()) : *uri);
}

/// Whether the client proved that it is about the person in front of this browser.
bool is_about_this_browser(const Call& call) {
  const auto token = call.parameter("id_token_hint");
  const auto hint = token ? read_id_token(call.world, *token) : std::nullopt;
  const auto login = call.world.browsers.login_of(browser_of(call));
  return hint && (!login || login->sub == hint->sub);
}

// OIDC RP-Initiated Logout 1.0, section 2: without an ID token, or with somebody else's, the user is asked.
oidc::HttpResponse process(Call& call) {
  if (const auto answer = page_answer(call)) {
    const auto question = question_of(call, *answer, Purpose::kLogout);
    if (!question) {
      return refuse_as_redirect(call, question.error());
    }
    if (!call.world.browsers.end(question->id)) {
      return page_reply(400, "invalid_request", "This page is out of date.");
    }
    if (answer->value_or_empty("action") != "logout") {
      return page_reply(200, "Still signed in", "You can close this page.");
    }
    take_parameters(call, parse_parameters(question->request).value());
    return log_out(call);
  }
  if (auto again = asked_again(call, call.form)) {
    return *std::move(again);
  }
  if (is_about_this_browser(call)) {
    return log_out(call);
  }
  const Question question = begin_question(call, Purpose::kLogout, call.form.encode());
  return with_cookie(call, question.browser, logout_page(form_of(call, question), call.client_id));
}

void describe_metadata(const World&, const std::string& url, oidc::Json& metadata) {
  metadata["end_session_endpoint"] = url;
}

}  // namespace logout
}  // namespace

extern const Endpoint kLogoutEndpoint{
    .name = "logout",
    .path = "/logout",
    .methods = "GET, POST",
    .no_store = true,
    .cors = false,
    .admit = &logout::admit,
    .process = &logout::process,
    .refuse = &refuse_as_redirect,
    .describe = &logout::describe_metadata,
};

}  // namespace mockserver
