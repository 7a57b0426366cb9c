#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oidc/form.hpp"
#include "oidc/http.hpp"
#include "stores/registry.hpp"

/// What persons see. Every page is complete in itself, runs no script but its own (Content-Security-Policy) and,
/// if it asks something, shows in no frame; the templates are in pages/.
namespace mockserver {

/// Sends the authorization response by itself when it is shown (OAuth 2.0 Form Post Response Mode).
oidc::HttpResponse form_post_page(const std::string& redirect_uri, const oidc::Form& parameters);

struct FormPost {
  std::string redirect_uri;
  oidc::Form parameters;
};
/// What such a page posts; nothing for any other page.
std::optional<FormPost> read_form_post_page(std::string_view html);

/// What the forms of a page need.
struct PageForm {
  std::string action;       ///< path that it is sent to
  std::string interaction;  ///< id, which proves that the page was ours
};

struct LoginPage {
  PageForm form;
  std::string client;
  std::vector<UserPtr> users;
  std::string chosen{};  ///< sub of the user who is marked; "" for the first
  std::string error{};   ///< what was wrong with the last try; "" for the first
};
/// 400 with an error, else 200.
oidc::HttpResponse login_page(const LoginPage& page);

struct ConsentPage {
  PageForm form;
  std::string client;
  std::string user;
  std::vector<std::string> scopes;
  std::string user_code{};  ///< of a device; "" if none asks
};
oidc::HttpResponse consent_page(const ConsentPage& page);

/// Asks for the user code of a device (RFC 8628 section 3.3). 400 with an error, else 200.
oidc::HttpResponse device_code_page(const std::string& action, const std::string& code, const std::string& error);

oidc::HttpResponse logout_page(const PageForm& form, const std::string& client);

}  // namespace mockserver
