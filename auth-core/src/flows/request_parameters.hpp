#pragma once

#include <string>
#include <vector>

#include "authcore/client.hpp"
#include "client/client_config.hpp"
#include "oidc/form.hpp"

namespace authcore {

/// The scopes a login asks for: those of the call, else those of the configuration (CFG-003).
const std::vector<std::string>& requested_scopes(const ClientConfig& config, const LoginOptions& options);

/// What every login request starts from: the caller's extra parameters, organization and
/// project_id of the configuration unless the caller gave them, scope and audience. Protocol
/// parameters are set on top, so extras never override them (TOK-007, TOK-008, CFG-004).
oidc::Form login_parameters(const ClientConfig& config, const LoginOptions& options);

/// Says in the log, never with their values, which of `options` only password logins use: a password that
/// goes nowhere is worth a warning, a username is not (ACC-004).
void log_ignored_arguments(const oidc::Log& log, const LoginOptions& options);

/// A refresh_token grant: what the caller asks for, and nothing of the configuration (CFG-005, TOK-003).
oidc::Form refresh_parameters(const std::string& refresh_token, const RefreshOptions& options);

}  // namespace authcore
