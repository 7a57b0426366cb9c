#pragma once

#include <optional>
#include <string>

#include "call.hpp"
#include "oidc/result.hpp"
#include "pages.hpp"
#include "stores/browser_store.hpp"

/// What the pages for persons have in common: the browser's cookie, the id in their forms, the login.
namespace mockserver {

/// The value of this issuer's cookie; "" if the browser sent none.
std::string browser_of(const Call& call);

/// The form of a page that was sent back, if this request is one.
std::optional<oidc::Form> answer_of(const Call& call);
/// What it answers. Errors: "invalid_request" if no such question was asked of this browser, or if another page than
/// ours sent the form.
oidc::Result<Question> question_of(const Call& call, const oidc::Form& answer, Purpose purpose);

/// A form that another site's page posted to begin something comes without our cookie, and a new one would put an end
/// to the session that is there. Asked for once more, by GET, the browser sends it. Nothing for any other request.
std::optional<oidc::HttpResponse> asked_again(const Call& call, const oidc::Form& parameters);

/// Starts asking.
Question begin_question(Call& call, Purpose purpose, std::string request, std::optional<Login> login = {});
PageForm form_of(const Call& call, const Question& question);

/// The login page. `login_hint` marks a user.
oidc::HttpResponse ask_to_log_in(Call& call, const Question& question, const std::string& client,
                                 const std::string& login_hint, const std::string& error = "");
/// Logs in who filled in the login page, and gives the browser a new cookie, so that nobody can have given it
/// the one that is logged in. Errors: a sentence for the page.
oidc::Status log_in(Call& call, Question& question, const oidc::Form& answer);

/// Sends the browser its cookie if it doesn't have this one.
oidc::HttpResponse with_cookie(const Call& call, const std::string& browser, oidc::HttpResponse reply);

}  // namespace mockserver
