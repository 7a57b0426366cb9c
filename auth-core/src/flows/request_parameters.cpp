#include "flows/request_parameters.hpp"

namespace authcore {
namespace {

void set_unless_given(oidc::Form& form, std::string_view name, const std::string& value) {
  if (!value.empty() && form.value_or_empty(name).empty()) {
    form.set(name, value);
  }
}

std::string join(const std::vector<std::string>& words) {
  std::string joined;
  for (const std::string& word : words) {
    joined += (joined.empty() ? "" : " ") + word;
  }
  return joined;
}

}  // namespace

const std::vector<std::string>& requested_scopes(const ClientConfig& config, const LoginOptions& options) {
  return options.scopes.empty() ? config.scopes : options.scopes;
}

oidc::Form login_parameters(const ClientConfig& config, const LoginOptions& options) {
  oidc::Form form = options.extra;
  set_unless_given(form, "organization", config.organization);
  set_unless_given(form, "project_id", config.project_id);
  const std::string scope = join(requested_scopes(config, options));
  if (!scope.empty()) {
    form.set("scope", scope);
  }
  const std::string& audience = options.audience.empty() ? config.audience : options.audience;
  if (!audience.empty()) {
    form.set("audience", audience);
  }
  return form;
}

void log_ignored_arguments(const oidc::Log& log, const LoginOptions& options) {
  if (!options.password.empty()) {
    log.warning("login.argument_ignored", {{"argument", "password"}});
  }
  if (!options.username.empty()) {
    log.debug("login.argument_ignored", {{"argument", "username"}});
  }
}

oidc::Form refresh_parameters(const std::string& refresh_token, const RefreshOptions& options) {
  oidc::Form form = options.extra;
  form.set("grant_type", "refresh_token");
  form.set("refresh_token", refresh_token);
  if (!options.scopes.empty()) {
    form.set("scope", join(options.scopes));
  }
  return form;
}

}  // namespace authcore
