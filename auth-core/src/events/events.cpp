#include "authcore/events.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "authcore/decoded_token.hpp"

namespace authcore {
namespace {

constexpr std::string_view kMessagePrefix = "[auth-core] ";
constexpr std::string_view kTraceName = "TRACE";

constexpr std::array<std::pair<AuthEvent, std::string_view>, 10> kNames{{
    {AuthEvent::kTrace, kTraceName},
    {AuthEvent::kTokenValid, "TOKEN_VALID"},
    {AuthEvent::kTokenInvalid, "TOKEN_INVALID"},
    {AuthEvent::kTokenInvalidBadAlgorithm, "TOKEN_INVALID_BAD_ALGORITHM"},
    {AuthEvent::kTokenInvalidBadIssuer, "TOKEN_INVALID_BAD_ISSUER"},
    {AuthEvent::kTokenInvalidBadNonce, "TOKEN_INVALID_BAD_NONCE"},
    {AuthEvent::kTokenInvalidBadScope, "TOKEN_INVALID_BAD_SCOPE"},
    {AuthEvent::kTokenInvalidBadSigningKey, "TOKEN_INVALID_BAD_SIGNING_KEY"},
    {AuthEvent::kTokenInvalidExpired, "TOKEN_INVALID_EXPIRED"},
    {AuthEvent::kTokenInvalidIntrospectionRejection, "TOKEN_INVALID_INTROSPECTION_REJECTION"},
}};

bool is_documented(std::string_view event) {
  return std::any_of(kNames.begin(), kNames.end(), [&](const auto& known) { return known.second == event; });
}

oidc::Json pick(const oidc::Json& object, std::initializer_list<const char*> names) {
  oidc::Json picked = oidc::Json::object();
  for (const char* name : names) {
    const auto member = object.find(name);
    if (member != object.end()) {
      picked[name] = *member;
    }
  }
  return picked;
}

// `record` as oidc::Log hands it over, in the documented form; its time is the logger's business.
oidc::Json documented_record(std::string_view event, const oidc::Json& record) {
  oidc::Json out = record;
  out.erase("ts");
  out["auth_libraries"] = {{"auth-core", AUTH_CORE_VERSION}};
  const std::string text = oidc::string_member(record, "msg").value_or(std::string{event});
  out["msg"] = std::string{kMessagePrefix} + text;
  out["event"] = is_documented(event) ? event : kTraceName;
  return out;
}

struct Deliver {
  const ApplicationLogger& logger;
  oidc::LogLevel level;
  oidc::Json record;

  void operator()(const StringLogging& /*format*/) { logger(level, oidc::to_text(record), nullptr); }
  void operator()(const StructuredLogging& format) {
    const std::string message = oidc::string_member(record, "msg").value_or("");
    record.erase("msg");
    oidc::Json extra = oidc::Json::object();
    if (format.key) {
      extra[*format.key] = std::move(record);
    } else {
      extra = std::move(record);
    }
    logger(level, message, extra);
  }
};

}  // namespace

std::string_view to_string(AuthEvent event) {
  const auto* found =
      std::find_if(kNames.begin(), kNames.end(), [event](const auto& known) { return known.first == event; });
  return found == kNames.end() ? kTraceName : found->second;
}

std::optional<AuthEvent> event_of(oidc::Errc code) {
  switch (code) {
    case oidc::Errc::kAlgorithmNotAllowed:
      return AuthEvent::kTokenInvalidBadAlgorithm;
    case oidc::Errc::kBadIssuer:
      return AuthEvent::kTokenInvalidBadIssuer;
    case oidc::Errc::kBadNonce:
      return AuthEvent::kTokenInvalidBadNonce;
    case oidc::Errc::kMissingScope:
    case oidc::Errc::kScopeNotGranted:
      return AuthEvent::kTokenInvalidBadScope;
    case oidc::Errc::kUnknownKey:
      return AuthEvent::kTokenInvalidBadSigningKey;
    case oidc::Errc::kTokenExpired:
      return AuthEvent::kTokenInvalidExpired;
    case oidc::Errc::kIntrospectionRejected:
      return AuthEvent::kTokenInvalidIntrospectionRejection;
    default:
      return oidc::is_kind_of(code, oidc::Errc::kInvalidToken) ? std::optional{AuthEvent::kTokenInvalid} : std::nullopt;
  }
}

oidc::Json loggable_parts(const std::string& token) {
  const oidc::Result<DecodedToken> decoded = decode_unverified(token);
  if (!decoded) {
    return oidc::Json::object();
  }
  return {{"jwt_header", pick(decoded->header, {"alg"})},
          {"jwt_payload",
           pick(decoded->payload, {"iss", "cid", "aud", "scope", "scp", "pl_principal", "organization_id"})}};
}

void log_event(const oidc::Log& log, oidc::LogLevel level, AuthEvent event, std::string_view message,
               const std::string& token, const oidc::Error* error) {
  oidc::Json record = loggable_parts(token);
  record["msg"] = message;
  if (error != nullptr) {
    record["error"] = error->message;
  }
  log.write(level, to_string(event), std::move(record));
}

void log_error(const oidc::Log& log, const oidc::Error& error, const FailureLogging& how) {
  const auto covers = [&error](oidc::Errc kind) { return oidc::is_kind_of(error.code, kind); };
  if (!how.kinds.empty() && std::none_of(how.kinds.begin(), how.kinds.end(), covers)) {
    return;
  }
  const AuthEvent event = how.override_event.value_or(event_of(error.code).value_or(how.default_event));
  log_event(log, how.level, event, error.message, how.token, &error);
}

oidc::Log application_log(const oidc::Clock& clock, ApplicationLogger logger, LogFormat format) {
  if (!logger) {
    return {};
  }
  return {clock, [logger = std::move(logger), format = std::move(format)](oidc::LogLevel level, std::string_view event,
                                                                          const oidc::Json& record) {
            std::visit(Deliver{logger, level, documented_record(event, record)}, format);
          }};
}

}  // namespace authcore
