#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "oidc/json.hpp"
#include "oidc/log.hpp"
#include "oidc/result.hpp"

/// What applications can rely on in the log: event names and records (LOG-001 … LOG-008, planet_auth AuthEvent).
namespace authcore {

/// The documented events. Everything that is not about a token being accepted or refused is a `kTrace`.
enum class AuthEvent {
  kTrace,
  kTokenValid,
  kTokenInvalid,
  kTokenInvalidBadAlgorithm,
  kTokenInvalidBadIssuer,
  kTokenInvalidBadNonce,
  kTokenInvalidBadScope,
  kTokenInvalidBadSigningKey,
  kTokenInvalidExpired,
  kTokenInvalidIntrospectionRejection,
};
/// The documented name, e.g. "TOKEN_INVALID_EXPIRED".
std::string_view to_string(AuthEvent event);

/// The event of a refused token (EXC-004); nullopt for failures that say nothing about a token.
std::optional<AuthEvent> event_of(oidc::Errc code);

/// What of a token may be logged: the header's alg, and of the payload iss, cid, aud, scope, scp,
/// pl_principal and organization_id; never sub (LOG-005). Nothing here is verified. Empty for what cannot be decoded.
oidc::Json loggable_parts(const std::string& token);

/// One event with an optional token and failure, at a level of the caller's choice.
void log_event(const oidc::Log& log, oidc::LogLevel level, AuthEvent event, std::string_view message,
               const std::string& token = "", const oidc::Error* error = nullptr);

/// Which failures are logged, and as what.
struct FailureLogging {
  std::vector<oidc::Errc> kinds{};  ///< these and what lies below them; empty: all
  oidc::LogLevel level = oidc::LogLevel::kWarning;
  std::optional<AuthEvent> override_event{};    ///< wins over the failure's own event
  AuthEvent default_event = AuthEvent::kTrace;  ///< of failures that have none
  std::string token{};                          ///< the token that it was about, for the record
};
void log_error(const oidc::Log& log, const oidc::Error& error, const FailureLogging& how);

/// Logs a failure and passes the result on as it is: the documented log_exception (LOG-006).
template <typename T>
oidc::Result<T> log_failure(const oidc::Log& log, oidc::Result<T> result, const FailureLogging& how = {}) {
  if (!result) {
    log_error(log, result.error(), how);
  }
  return result;
}

/// The application's own logger: a level, a text and members for loggers that keep such.
using ApplicationLogger =
    std::function<void(oidc::LogLevel level, const std::string& message, const oidc::Json& extra)>;

/// All information in the message, as JSON; `extra` is null (setStringLogging, LOG-003).
struct StringLogging {};
/// The message is a text; the data is in `extra`, below `key`, or not wrapped at all if there is no
/// key (setStructuredLogging, LOG-004).
struct StructuredLogging {
  std::optional<std::string> key = "props";
};
using LogFormat = std::variant<StringLogging, StructuredLogging>;

/// The library's records for an application's logger; without one nothing is logged (LOG-002). What the
/// library logs besides the documented events has the event TRACE and its own name in `msg`.
/// Thread-safe if the logger is. Goes into `Environment::log`.
oidc::Log application_log(const oidc::Clock& clock, ApplicationLogger logger, LogFormat format = StringLogging{});

}  // namespace authcore
