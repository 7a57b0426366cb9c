#include "flows/device_code.hpp"

#include <algorithm>

#include "client/client_context.hpp"
#include "credential/token_times.hpp"
#include "flows/device_polling.hpp"
#include "flows/login_reply.hpp"
#include "flows/request_parameters.hpp"
#include "oidc/url.hpp"

namespace authcore {
namespace {

constexpr oidc::Duration kDefaultInterval = std::chrono::seconds{5};

oidc::Error malformed(const std::string& why) {
  oidc::Error error;
  error.code = oidc::Errc::kMalformedResponse;
  error.message = "device authorization endpoint: " + why;
  return error;
}

bool is_visible(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

// Shown to a person, opened in a browser: no other scheme, nothing that moves a cursor.
bool is_showable_uri(const std::string& uri) {
  return is_visible(uri) && oidc::parse_url(uri).has_value();
}

bool is_showable_code(const std::string& code) {
  return std::all_of(code.begin(), code.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

oidc::Status check_shown_members(const DeviceAuthorization& authorization) {
  if (!is_showable_code(authorization.user_code)) {
    return malformed("user_code is not printable");
  }
  if (!is_showable_uri(authorization.verification_uri)) {
    return malformed("verification_uri is not a printable http or https URL");
  }
  const std::string& complete = authorization.verification_uri_complete;
  if (!complete.empty() && !is_showable_uri(complete)) {
    return malformed("verification_uri_complete is not a printable http or https URL");
  }
  return oidc::Done{};
}

class DeviceCodeFlow final : public Flow {
 public:
  explicit DeviceCodeFlow(ClientContext& context) : context_{context} {}

  oidc::Result<Credential> login(const LoginOptions& options) override;
  oidc::Result<DeviceAuthorization> device_initiate(const LoginOptions& options) override;
  oidc::Result<Credential> device_complete(const DeviceAuthorization& authorization) override;

 private:
  ClientContext& context_;
};

oidc::Result<Credential> DeviceCodeFlow::login(const LoginOptions& options) {
  if (!options.allow_tty_prompt || (!options.show && !options.show_device_code)) {
    return oidc::Error{oidc::Errc::kInteractionRequired,
                       "the device login must show a code to the user, which is not permitted"};
  }
  const oidc::Result<DeviceAuthorization> authorization = device_initiate(options);
  if (!authorization) {
    return authorization.error();
  }
  if (options.show_device_code) {
    options.show_device_code(*authorization);
  } else {
    options.show("To log in, visit " + authorization->verification_uri + " and enter the code " +
                 authorization->user_code);
  }
  if (options.allow_open_browser && options.open_browser) {
    const std::string& complete = authorization->verification_uri_complete;
    const oidc::Status opened = options.open_browser(complete.empty() ? authorization->verification_uri : complete);
    if (!opened) {
      // The user has been shown where to go: this was a convenience.
      context_.environment.log.warning("browser_not_opened", {{"reason", opened.error().message}});
    }
  }
  return device_complete(*authorization);
}

oidc::Result<DeviceAuthorization> DeviceCodeFlow::device_initiate(const LoginOptions& options) {
  log_ignored_arguments(context_.environment.log, options);
  const oidc::Result<std::string> endpoint = context_.discovery.endpoint("device_authorization_endpoint");
  if (!endpoint) {
    return endpoint.error();
  }
  const oidc::Result<oidc::HttpRequest> request =
      form_post(*endpoint, login_parameters(context_.config, options), *context_.authentication);
  if (!request) {
    return request.error();
  }
  const oidc::Result<Exchange> exchange = context_.http.exchange(*request);
  if (!exchange) {
    return exchange.error();
  }
  const oidc::Result<oidc::Json> response = read_json({.response = exchange->response,
                                                       .endpoint = "device authorization endpoint",
                                                       .secrets = secrets_of(*request),
                                                       .received = context_.environment.clock.now()});
  if (!response) {
    return response.error();
  }
  return parse_device_authorization(*response, exchange->sent_at);
}

oidc::Result<Credential> DeviceCodeFlow::device_complete(const DeviceAuthorization& authorization) {
  const std::optional<std::string> code = oidc::string_member(authorization.response, "device_code");
  if (!code || code->empty()) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "what device_login_initiate returned must be passed back"};
  }
  const oidc::Form grant{{"grant_type", "urn:ietf:params:oauth:grant-type:device_code"}, {"device_code", *code}};
  const oidc::Result<oidc::Json> response =
      poll_for_tokens(context_, grant, PollPacing{authorization.interval}, authorization.expires_at);
  if (!response) {
    return response.error();
  }
  return accept_login(context_, *response);  // there is no nonce
}

}  // namespace

std::unique_ptr<Flow> make_device_code_flow(ClientContext& context) {
  return std::make_unique<DeviceCodeFlow>(context);
}

oidc::Result<DeviceAuthorization> parse_device_authorization(const oidc::Json& response, oidc::TimePoint sent_at) {
  for (const char* name : {"device_code", "user_code", "verification_uri"}) {
    if (oidc::string_member(response, name).value_or("").empty()) {
      return malformed(std::string{name} + " is missing or not a string");
    }
  }
  const auto lifetime = seconds_member(response, "expires_in");
  if (!lifetime || lifetime->count() <= 0) {
    return malformed("expires_in is missing or not a number of seconds");
  }
  DeviceAuthorization authorization;
  authorization.response = response;
  authorization.user_code = *oidc::string_member(response, "user_code");
  authorization.verification_uri = *oidc::string_member(response, "verification_uri");
  authorization.verification_uri_complete = oidc::string_member(response, "verification_uri_complete").value_or("");
  const auto interval = seconds_member(response, "interval");
  authorization.interval = std::max(interval ? oidc::Duration{*interval} : kDefaultInterval, kMinPollInterval);
  authorization.expires_at = sent_at + *lifetime;
  const oidc::Status shown = check_shown_members(authorization);
  if (!shown) {
    return shown.error();
  }
  return authorization;
}

}  // namespace authcore
