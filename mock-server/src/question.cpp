#include "question.hpp"

#include "fetch_metadata.hpp"
#include "form_request.hpp"
#include "login.hpp"
#include "refusal.hpp"
#include "reply.hpp"

namespace mockserver {
namespace {

constexpr std::string_view kCookie = "assay_session";
/// Beyond that it isn't ours, and it would be kept.
constexpr std::size_t kLongestCookie = 128;

std::string new_secret(Call& call, std::string_view kind) {
  std::string value = call.world.random.token();
  call.world.ledger.record(kind, value, "", call.now);
  return value;
}

}  // namespace

std::string browser_of(const Call& call) {
  const std::string cookies = call.request.headers.get("Cookie").value_or("");
  std::string_view rest = cookies;
  while (!rest.empty()) {
    const auto end = rest.find(';');
    std::string_view one = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
    if (one.starts_with(kCookie) && one.substr(kCookie.size()).starts_with('=')) {
      one.remove_prefix(kCookie.size() + 1);
      return one.size() <= kLongestCookie ? std::string{one} : "";
    }
  }
  return "";
}

std::optional<oidc::Form> answer_of(const Call& call) {
  if (call.method != "POST" || call.world.config.interaction != Interaction::kForm) {
    return std::nullopt;
  }
  auto parameters = parse_parameters(call.request.body);
  const bool is_answer = parameters && parameters->form.contains("interaction");
  return is_answer ? std::optional{std::move(parameters->form)} : std::nullopt;
}

oidc::Result<Question> question_of(const Call& call, const oidc::Form& answer, Purpose purpose) {
  // SameSite keeps the cookie from other sites, but a server at another port of this host is none.
  if (is_sent_by_another_page(call.request) || has_another_origin(call.request, call.url)) {
    return refusal("invalid_request", "This was sent by a page of somebody else.", 403);
  }
  const std::string browser = browser_of(call);
  auto found =
      browser.empty() ? std::nullopt : call.world.browsers.find(answer.value_or_empty("interaction"), purpose, browser);
  if (!found) {
    return refusal("invalid_request", "This page is out of date. Go back to the application and start again.");
  }
  return *std::move(found);
}

Question begin_question(Call& call, Purpose purpose, std::string request, std::optional<Login> login) {
  // A cookie that isn't ours is as good as one that is: it proves only that answers come from this browser.
  std::string browser = browser_of(call);
  if (browser.empty()) {
    browser = new_secret(call, "session");
  }
  Question question{new_secret(call, "page"), purpose, std::move(browser), std::move(request), std::move(login)};
  call.world.browsers.begin(question);
  return question;
}

std::optional<oidc::HttpResponse> asked_again(const Call& call, const oidc::Form& parameters) {
  if (call.method != "POST" || !is_sent_by_another_page(call.request)) {
    return std::nullopt;
  }
  return see_other(call, call.url.path + "?" + parameters.encode());
}

PageForm form_of(const Call& call, const Question& question) {
  return {call.url.path, question.id};
}

oidc::HttpResponse ask_to_log_in(Call& call, const Question& question, const std::string& client,
                                 const std::string& login_hint, const std::string& error) {
  const UserPtr hinted = login_hint.empty() ? nullptr : user_by_hint(call.world, login_hint);
  return with_cookie(call, question.browser,
                     login_page({.form = form_of(call, question),
                                 .client = client,
                                 .users = call.world.registry.users(),
                                 .chosen = hinted != nullptr ? hinted->sub : "",
                                 .error = error}));
}

oidc::Status log_in(Call& call, Question& question, const oidc::Form& answer) {
  const UserPtr user = call.world.registry.user(answer.value_or_empty("username"));
  if (user == nullptr) {
    return refusal("access_denied", "Choose an account.");
  }
  const std::string password = answer.value_or_empty("password");
  if (!user->password.empty() && password != user->password) {
    return refusal("access_denied", "The password is wrong.");
  }
  call.world.browsers.log_out(question.browser);
  question.browser = new_secret(call, "session");
  question.login = login_as(*user, call.now, !user->password.empty());
  call.world.browsers.log_in(question.browser, *question.login);
  call.world.browsers.go_on(question);
  return oidc::Done{};
}

oidc::HttpResponse with_cookie(const Call& call, const std::string& browser, oidc::HttpResponse reply) {
  if (browser != browser_of(call)) {
    const std::string path = call.world.base_path.empty() ? "/" : call.world.base_path;
    const bool secure = call.world.base_url.starts_with("https:");
    reply.headers.add("Set-Cookie", std::string{kCookie} + "=" + browser + "; Path=" + path +
                                        "; HttpOnly; SameSite=Lax" + (secure ? "; Secure" : ""));
  }
  return reply;
}

}  // namespace mockserver
