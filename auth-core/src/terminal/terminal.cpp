#include "authcore/terminal.hpp"

#include <cstdio>
#include <cstdlib>

#include "oidc/clean_text.hpp"

namespace authcore {
namespace {

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

/// The desktop's opener needs a desktop; over ssh there is none.
bool has_browser(const TerminalOptions& options) {
#ifdef __APPLE__
  const bool has_desktop = !is_set("SSH_CONNECTION");
#else
  const bool has_desktop = is_set("DISPLAY") || is_set("WAYLAND_DISPLAY");
#endif
  return !options.browser.empty() || is_set("BROWSER") || has_desktop;
}

void show(const std::string& text) {
  oidc::say(stderr, text + "\n");
}

}  // namespace

LoginOptions terminal_login_options(const TerminalOptions& options) {
  LoginOptions login;
  login.allow_open_browser = has_browser(options);
  login.allow_tty_prompt = true;
  login.show = show;
  login.open_browser = [browser = options.browser](const std::string& url) -> oidc::Status {
    show("Opening a browser. If none appears, visit " + url);
    const oidc::Status opened = open_browser(url, browser);
    if (!opened) {
      show(opened.error().message);  // the person has the URL, so the login goes on
    }
    return oidc::Done{};
  };
  login.prompt = [stop = options.stop](const std::string& question, bool is_secret) {
    return prompt_at_terminal(question, is_secret, stop);
  };
  return login;
}

}  // namespace authcore
