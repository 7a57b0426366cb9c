#include "pages.hpp"

#include <algorithm>
#include <array>
#include <kainjow/mustache.hpp>
#include <utility>

#include "oidc/base64url.hpp"
#include "oidc/json.hpp"
#include "oidc/openssl.hpp"
#include "reply.hpp"

namespace assay::embedded {
extern const std::string_view page_html_text;
extern const std::string_view page_css_text;
extern const std::string_view message_html_text;
extern const std::string_view form_post_html_text;
extern const std::string_view login_html_text;
extern const std::string_view consent_html_text;
extern const std::string_view device_html_text;
extern const std::string_view logout_html_text;
}  // namespace assay::embedded

namespace mockserver {
namespace {

using Data = kainjow::mustache::data;
using List = kainjow::mustache::list;

constexpr std::string_view kSubmit = "document.forms[0].submit()";

std::string hash_source(std::string_view text) {
  return "'sha256-" + oidc::base64_encode(oidc::sha256(text)) + "'";
}

/// Without `form-action`: browsers apply it to the redirects that follow a form, too, and those go to the
/// client and wherever it sends them on. The page of form_post asks nothing, and a client may well have it in a
/// hidden frame (prompt=none).
std::string policy(std::string_view script) {
  std::string text = "default-src 'none'; style-src " + hash_source(assay::embedded::page_css_text);
  text += script.empty() ? "; frame-ancestors 'none'" : "; script-src " + hash_source(script);
  return text + "; base-uri 'none'";
}

std::string render(std::string_view text, const Data& data) {
  kainjow::mustache::mustache body{std::string{text}};
  return body.render(data);
}

oidc::HttpResponse page(int status, std::string_view title, std::string_view text, const Data& data,
                        std::string_view script = "") {
  Data all;
  all.set("title", std::string{title});
  all.set("css", std::string{assay::embedded::page_css_text});
  all.set("content", render(text, data));
  // Empty text counts as there; absent doesn't.
  if (!script.empty()) {
    all.set("script", std::string{script});
  }
  return {status,
          {{"Content-Type", "text/html; charset=utf-8"},
           {"Content-Security-Policy", policy(script)},
           {"X-Content-Type-Options", "nosniff"}},
          render(assay::embedded::page_html_text, all)};
}

void set_if(Data& data, const std::string& name, const std::string& value) {
  if (!value.empty()) {
    data.set(name, value);
  }
}

Data form_data(const PageForm& form) {
  Data data;
  data.set("action", form.action);
  data.set("interaction", form.interaction);
  return data;
}

std::string unescaped(std::string_view html) {
  constexpr std::array<std::pair<std::string_view, char>, 5> kEntities{
      {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}};
  std::string text;
  while (!html.empty()) {
    const auto* entity =
        std::ranges::find_if(kEntities, [&](const auto& candidate) { return html.starts_with(candidate.first); });
    const bool found = entity != kEntities.end();
    text += found ? entity->second : html.front();
    html.remove_prefix(found ? entity->first.size() : 1);
  }
  return text;
}

/// The next value of an attribute, "" if there is none; `html` goes on after it.
std::string take_attribute(std::string_view& html, const std::string& name) {
  const std::string before = " " + name + "=\"";
  const auto begin = html.find(before);
  if (begin == std::string_view::npos) {
    html = {};
    return "";
  }
  html.remove_prefix(begin + before.size());
  const auto end = std::min(html.find('"'), html.size());
  std::string value = unescaped(html.substr(0, end));
  html.remove_prefix(end);
  return value;
}

std::string label_of(const UserConfig& user) {
  const auto name = user.claims.is_object() ? oidc::string_member(user.claims, "name") : std::nullopt;
  return name ? *name + " – " + user.sub : user.sub;
}

}  // namespace

oidc::HttpResponse page_reply(int status, std::string_view title, std::string_view text) {
  return page(status, title, assay::embedded::message_html_text, Data{"text", std::string{text}});
}

oidc::HttpResponse form_post_page(const std::string& redirect_uri, const oidc::Form& parameters) {
  List fields;
  for (const auto& [name, value] : parameters) {
    Data field;
    field.set("name", name);
    field.set("value", value);
    fields.push_back(field);
  }
  Data data;
  data.set("action", redirect_uri);
  data.set("fields", fields);
  return page(200, "Signed in", assay::embedded::form_post_html_text, data, kSubmit);
}

std::optional<FormPost> read_form_post_page(std::string_view html) {
  // It alone has a script.
  if (html.find("<script>" + std::string{kSubmit}) == std::string_view::npos) {
    return std::nullopt;
  }
  FormPost post{take_attribute(html, "action"), {}};
  while (html.find(" name=\"") != std::string_view::npos) {
    std::string name = take_attribute(html, "name");
    post.parameters.add(std::move(name), take_attribute(html, "value"));
  }
  return post;
}

oidc::HttpResponse login_page(const LoginPage& login) {
  const auto known = [&](const UserPtr& user) { return user->sub == login.chosen; };
  const std::string chosen =
      std::ranges::any_of(login.users, known) || login.users.empty() ? login.chosen : login.users.front()->sub;
  List users;
  bool passwords = false;
  for (const UserPtr& user : login.users) {
    Data one;
    one.set("sub", user->sub);
    one.set("label", label_of(*user));
    one.set("chosen", Data{user->sub == chosen});
    one.set("password", Data{!user->password.empty()});
    passwords = passwords || !user->password.empty();
    users.push_back(one);
  }
  Data data = form_data(login.form);
  data.set("client", login.client);
  data.set("users", users);
  data.set("passwords", Data{passwords});
  set_if(data, "error", login.error);
  return page(login.error.empty() ? 200 : 400, "Sign in", assay::embedded::login_html_text, data);
}

oidc::HttpResponse consent_page(const ConsentPage& consent) {
  List scopes;
  for (const std::string& scope : consent.scopes) {
    scopes.push_back(Data{"scope", scope});
  }
  Data data = form_data(consent.form);
  data.set("client", consent.client);
  data.set("user", consent.user);
  data.set("has_scopes", Data{!consent.scopes.empty()});
  data.set("scopes", scopes);
  set_if(data, "code", consent.user_code);
  return page(200, "Allow access?", assay::embedded::consent_html_text, data);
}

oidc::HttpResponse device_code_page(const std::string& action, const std::string& code, const std::string& error) {
  Data data;
  data.set("action", action);
  data.set("code", code);
  set_if(data, "error", error);
  return page(error.empty() ? 200 : 400, "Connect a device", assay::embedded::device_html_text, data);
}

oidc::HttpResponse logout_page(const PageForm& form, const std::string& client) {
  Data data = form_data(form);
  set_if(data, "client", client);
  return page(200, "Sign out?", assay::embedded::logout_html_text, data);
}

}  // namespace mockserver
