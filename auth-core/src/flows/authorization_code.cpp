#include "flows/authorization_code.hpp"

#include <algorithm>

#include "client/client_context.hpp"
#include "flows/acknowledgement.hpp"
#include "flows/authorization_response.hpp"
#include "flows/login_reply.hpp"
#include "flows/loopback_listener.hpp"
#include "flows/pkce.hpp"
#include "flows/request_parameters.hpp"
#include "oidc/url.hpp"

namespace authcore {
namespace {

constexpr oidc::Duration kRedirectTimeout = std::chrono::seconds{60};  // AUTHZ-011

/// What one login keeps until its code is redeemed.
struct Attempt {
  ProofKey proof;
  std::string state;
  std::string nonce;
  std::string redirect_uri;
  bool asks_for_id_token = false;
};

class AuthorizationCodeFlow final : public Flow {
 public:
  explicit AuthorizationCodeFlow(ClientContext& context) : context_{context}, acknowledgement_{context.config} {}

  oidc::Result<Credential> login(const LoginOptions& options) override;

 private:
  Attempt begin(const LoginOptions& options);
  oidc::Result<std::string> code_by_browser(const LoginOptions& options, const std::string& endpoint, Attempt& attempt);
  oidc::Result<std::string> code_by_terminal(const LoginOptions& options, const std::string& endpoint,
                                             Attempt& attempt);
  oidc::Result<std::unique_ptr<LoopbackListener>> listen(const Attempt& attempt);
  std::string authorization_url(const std::string& endpoint, const LoginOptions& options, const Attempt& attempt);
  oidc::Result<std::string> read_code(const oidc::Form& parameters, const Attempt& attempt);
  oidc::Result<Credential> redeem(const std::string& code, const Attempt& attempt);

  ClientContext& context_;
  Acknowledgement acknowledgement_;
};

oidc::Result<Credential> AuthorizationCodeFlow::login(const LoginOptions& options) {
  const bool by_browser = options.allow_open_browser && options.open_browser;  // wins over the terminal (ACC-002)
  const bool by_terminal = options.allow_tty_prompt && options.show && options.prompt;
  if (!by_browser && !by_terminal) {
    return oidc::Error{oidc::Errc::kInteractionRequired,
                       "this login needs a browser or a terminal, and neither is permitted"};
  }
  log_ignored_arguments(context_.environment.log, options);
  const oidc::Result<std::string> endpoint = context_.discovery.endpoint("authorization_endpoint");
  if (!endpoint) {
    return endpoint.error();
  }
  Attempt attempt = begin(options);
  const oidc::Result<std::string> code =
      by_browser ? code_by_browser(options, *endpoint, attempt) : code_by_terminal(options, *endpoint, attempt);
  if (!code) {
    return code.error();
  }
  return redeem(*code, attempt);
}

Attempt AuthorizationCodeFlow::begin(const LoginOptions& options) {
  oidc::Random& random = context_.environment.random;
  const std::vector<std::string>& scopes = requested_scopes(context_.config, options);
  Attempt attempt;
  attempt.proof = make_proof_key(random);
  attempt.state = random.token();
  attempt.nonce = random.token();
  attempt.asks_for_id_token = std::find(scopes.begin(), scopes.end(), "openid") != scopes.end();
  return attempt;
}

oidc::Result<std::string> AuthorizationCodeFlow::code_by_browser(const LoginOptions& options,
                                                                 const std::string& endpoint, Attempt& attempt) {
  const oidc::Result<std::unique_ptr<LoopbackListener>> listener = listen(attempt);
  if (!listener) {
    return listener.error();
  }
  attempt.redirect_uri = with_real_port(context_.config.redirect_uri, (*listener)->port());
  const oidc::Status opened = options.open_browser(authorization_url(endpoint, options, attempt));
  if (!opened) {
    return opened.error();
  }
  const oidc::Result<oidc::Form> parameters =
      (*listener)->wait(context_.environment.clock, kRedirectTimeout, context_.environment.stop);
  if (!parameters) {
    return parameters.error();
  }
  return read_code(*parameters, attempt);
}

// The page behind redirect_uri shows the code to the person. Only the code comes back, so there is no state to
// compare: the proof key alone ties it to this login (AUTHZ-015).
oidc::Result<std::string> AuthorizationCodeFlow::code_by_terminal(const LoginOptions& options,
                                                                  const std::string& endpoint, Attempt& attempt) {
  attempt.redirect_uri = context_.config.redirect_uri;
  if (has_any_port(attempt.redirect_uri)) {
    return oidc::Error{
        oidc::Errc::kConfig,
        "redirect_uri: port 0 is for a login by browser; one by terminal needs a page that shows the code"};
  }
  options.show("To log in, visit " + authorization_url(endpoint, options, attempt) +
               " and enter the code that is shown in the end");
  const oidc::Result<std::string> code = options.prompt("Code", true);
  if (!code) {
    return code.error();
  }
  if (context_.environment.stop.stop_requested()) {
    return oidc::Error{oidc::Errc::kCancelled, "the login was cancelled"};
  }
  if (code->empty()) {
    return oidc::Error{oidc::Errc::kAuthorizationResponse, "no code was entered"};
  }
  return *code;
}

oidc::Result<std::unique_ptr<LoopbackListener>> AuthorizationCodeFlow::listen(const Attempt& attempt) {
  const oidc::Result<LoopbackRedirect> redirect = parse_loopback_redirect(context_.config.local_redirect_uri);
  if (!redirect) {
    return redirect.error();
  }
  oidc::Result<std::string> html = acknowledgement_.page();
  if (!html) {
    return html.error();
  }
  return LoopbackListener::open({.redirect = *redirect, .state = attempt.state, .page = std::move(*html)});
}

std::string AuthorizationCodeFlow::authorization_url(const std::string& endpoint, const LoginOptions& options,
                                                     const Attempt& attempt) {
  oidc::Form form = login_parameters(context_.config, options);
  // No client authentication passes through a browser (AUTHZ-004).
  form.remove("client_secret");
  form.remove("client_assertion");
  form.set("response_type", "code");
  form.set("client_id", context_.config.client_id);
  form.set("redirect_uri", attempt.redirect_uri);
  form.set("state", attempt.state);
  form.set("nonce", attempt.nonce);
  form.set("code_challenge", attempt.proof.challenge);
  form.set("code_challenge_method", "S256");
  return oidc::append_query(endpoint, form.encode());
}

oidc::Result<std::string> AuthorizationCodeFlow::read_code(const oidc::Form& parameters, const Attempt& attempt) {
  ExpectedResponse expected;
  expected.state = attempt.state;
  expected.requires_issuer = context_.discovery.promises_response_issuer();
  if (expected.requires_issuer || parameters.contains("iss")) {
    const oidc::Result<std::string> issuer = context_.discovery.issuer();
    if (!issuer) {
      return issuer.error();
    }
    expected.issuer = *issuer;
  }
  return read_authorization_response(parameters, expected);
}

oidc::Result<Credential> AuthorizationCodeFlow::redeem(const std::string& code, const Attempt& attempt) {
  const oidc::Result<oidc::Json> response = context_.tokens.request({{"grant_type", "authorization_code"},
                                                                     {"code", code},
                                                                     {"redirect_uri", attempt.redirect_uri},
                                                                     {"code_verifier", attempt.proof.verifier}},
                                                                    *context_.login_authentication);
  if (!response) {
    return response.error();
  }
  if (attempt.asks_for_id_token && oidc::string_member(*response, "id_token").value_or("").empty()) {
    return oidc::Error{oidc::Errc::kMalformedResponse,
                       "token endpoint: id_token is missing though openid was asked for"};
  }
  return accept_login(context_, *response, attempt.nonce);
}

}  // namespace

std::unique_ptr<Flow> make_authorization_code_flow(ClientContext& context) {
  return std::make_unique<AuthorizationCodeFlow>(context);
}

}  // namespace authcore
