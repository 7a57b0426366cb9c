#pragma once

#include <stop_token>
#include <string>

#include "authcore/client.hpp"
#include "oidc/result.hpp"

/// Logins of a program that runs in a terminal.
namespace authcore {

struct TerminalOptions {
  std::string browser{};   ///< program that is given the URL; "": the desktop's (xdg-open, on macOS open)
  std::stop_token stop{};  ///< ends a prompt: `kCancelled`
};

/// Options for a login with the person at the terminal: text goes to stderr, answers come from the controlling
/// terminal (without one, a prompt fails with `kInteractionRequired`). A browser may be opened if one is named, here
/// or by $BROWSER, or if there is a desktop.
LoginOptions terminal_login_options(const TerminalOptions& options = {});

/// Starts `browser` ("": the desktop's) with `url` as its only argument, without a shell, and does not wait for it.
/// What it prints is dropped. Errors: `kInvalidArgument` for what is no http or https URL; `kUnknown` if the
/// program cannot be started.
oidc::Status open_browser(const std::string& url, const std::string& browser = "");

/// Asks at the controlling terminal and reads a line, without echo if it is a secret. The terminal is left as it
/// was. Errors: `kInteractionRequired` without a terminal; `kCancelled` for `stop`, end of file and, in a secret,
/// for Ctrl-C.
oidc::Result<std::string> prompt_at_terminal(const std::string& question, bool is_secret, std::stop_token stop = {});

}  // namespace authcore
