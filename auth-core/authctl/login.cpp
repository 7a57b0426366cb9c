#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "authcore/terminal.hpp"
#include "commands.hpp"
#include "output.hpp"
#include "progress.hpp"
#include "qr.hpp"
#include "session.hpp"

namespace authctl {
namespace {

constexpr const char* kPasswordVariable = "AUTHCTL_PASSWORD";
constexpr oidc::Duration kBrowserTime = std::chrono::seconds{60};  // the flow's own (AUTHZ-011)

struct LoginOptions {
  bool no_browser = false;
  std::string open_with;
  std::string qr = "auto";
  std::string username;
  std::string password_file;
};

/// How a login talks to the person: text, a QR code, and how long there is still time.
class Conversation {
 public:
  Conversation(Session& session, const LoginOptions& options) : session_{session}, options_{options} {}
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  /// Refers to this object. Errors: `kConfig`.
  oidc::Result<authcore::LoginOptions> login_options();

 private:
  oidc::Status open_browser(const std::string& url);
  void show_device_code(const authcore::DeviceAuthorization& authorization);
  bool wants_qr() const { return options_.qr == "always" || (options_.qr == "auto" && isatty(STDERR_FILENO) != 0); }

  Session& session_;
  const LoginOptions& options_;
  authcore::LoginOptions terminal_;
  std::optional<Progress> progress_;
};

oidc::Result<authcore::LoginOptions> Conversation::login_options() {
  terminal_ = authcore::terminal_login_options({.browser = options_.open_with, .stop = session_.stop_token()});
  authcore::LoginOptions login = terminal_;
  login.allow_open_browser = login.allow_open_browser && !options_.no_browser;
  login.open_browser = [this](const std::string& url) { return open_browser(url); };
  login.show_device_code = [this](const auto& authorization) { show_device_code(authorization); };
  login.username = options_.username;
  if (!options_.password_file.empty()) {
    const auto password = read_secret_file(options_.password_file);
    if (!password) {
      return password.error();
    }
    login.password = *password;
  } else if (const char* password = std::getenv(kPasswordVariable); password != nullptr) {
    login.password = password;
  }
  return login;
}

oidc::Status Conversation::open_browser(const std::string& url) {
  const auto opened = terminal_.open_browser(url);
  if (!progress_) {
    progress_.emplace(session_.clock(), "Waiting for the browser", kBrowserTime);
  }
  return opened;
}

void Conversation::show_device_code(const authcore::DeviceAuthorization& authorization) {
  const std::string& complete = authorization.verification_uri_complete;
  note("To log in, visit " + authorization.verification_uri + "\nand enter the code " + authorization.user_code);
  const auto qr = qr_code(complete.empty() ? authorization.verification_uri : complete);
  if (wants_qr() && qr) {
    note("or scan:\n");
    std::fprintf(stderr, "%s\n", qr->c_str());  // its colours are ours
  }
  progress_.emplace(session_.clock(), "Waiting for approval", authorization.expires_at - session_.clock().now());
}

oidc::Result<authcore::Credential> log_in(Session& session, const LoginOptions& options) {
  Conversation conversation{session, options};
  const auto login_options = conversation.login_options();
  if (!login_options) {
    return login_options.error();
  }
  if (session.needs_browser() && !login_options->allow_open_browser) {
    return oidc::Error{oidc::Errc::kConfig,
                       "redirect_uri: no browser is to be opened, and a code that is typed in needs a page that shows "
                       "it; name a browser with --open-with, such a page with --redirect-uri, or log in on another "
                       "device with --client-type oidc_device_code"};
  }
  auto credential = session.client().login(*login_options);
  if (!credential) {
    return credential;
  }
  const auto kept = session.authenticator().accept_login(*credential);
  if (!kept) {
    return kept.error();
  }
  return credential;
}

void login(Context& context, const LoginOptions& options) {
  const auto session = Session::open(context);
  if (!session) {
    return fail(context, session.error());
  }
  const auto credential = log_in(**session, options);
  if (!credential) {
    return fail(context, credential.error());
  }
  oidc::Json result = summary(*credential);
  result["kept_at"] = (*session)->place();
  print(context, result,
        "Logged in. The access token " + expiry_text(*credential) + "; kept in " + (*session)->place());
}

}  // namespace

void add_login(CLI::App& app, Context& context) {
  auto options = std::make_shared<LoginOptions>();
  auto* command = app.add_subcommand("login", "Log in, by the flow of the client type, and keep the tokens");
  command->add_flag("--no-browser", options->no_browser,
                    "Open no browser: a login by code shows the URL and asks for the code; default: one is opened if "
                    "there is a desktop or $BROWSER");
  command
      ->add_option("--open-with", options->open_with,
                   "Program that is given the URL, instead of the desktop's browser; default: xdg-open")
      ->type_name("PROGRAM");
  command->add_option("--qr", options->qr, "Draw the URL of a device login as a QR code; auto: on a terminal")
      ->type_name("WHEN")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->capture_default_str();
  command
      ->add_option("--username", options->username,
                   "Of password logins; default: that of the configuration, else asked for")
      ->type_name("NAME");
  command
      ->add_option("--password-file", options->password_file,
                   "File whose first line is the password; default: $AUTHCTL_PASSWORD, else asked for")
      ->type_name("FILE");
  command->footer(
      "Examples:\n"
      "  authctl --config client.json login\n"
      "  authctl --auth-server https://login.example.com --client-id app --client-type oidc_auth_code login\n"
      "\n"
      "Exit codes: 0 logged in, 1 refused or the code expired, 2 usage or configuration, 3 the tokens could not be\n"
      "kept, 4 no usable answer or nobody came back in time, 130 Ctrl-C.");
  command->callback([options, &context] { login(context, *options); });
}

}  // namespace authctl
