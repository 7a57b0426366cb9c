#include "http/reply.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "http/policy.hpp"
#include "http/retry_after.hpp"
#include "oidc/base64url.hpp"
#include "oidc/form.hpp"
#include "oidc/url.hpp"

namespace authcore {
namespace {

constexpr std::size_t kMaxDescription = 200;
constexpr std::size_t kMaxErrorCode = 100;
constexpr int kServerErrors = 500;

bool is_printable(char c) {
  return c >= ' ' && c <= '~';
}

bool contains_any(std::string_view text, const std::vector<std::string>& secrets) {
  return std::any_of(secrets.begin(), secrets.end(),
                     [&](const std::string& secret) { return text.find(secret) != std::string_view::npos; });
}

void add_secret(std::vector<std::string>& secrets, const std::string& value) {
  if (value.empty()) {
    return;
  }
  secrets.push_back(value);
  secrets.push_back(oidc::form_encode(value));
  secrets.push_back(oidc::percent_encode(value));
}

void add_authorization(std::vector<std::string>& secrets, const std::string& header) {
  const std::size_t space = header.find(' ');
  if (space == std::string::npos) {
    return;
  }
  add_secret(secrets, header.substr(space + 1));
  const oidc::Result<std::string> decoded = oidc::base64_decode(header.substr(space + 1));
  const std::size_t colon = decoded ? decoded->find(':') : std::string::npos;
  if (colon == std::string::npos) {
    return;
  }
  const std::string half = decoded->substr(colon + 1);
  add_secret(secrets, half);
  const oidc::Result<std::string> secret = oidc::form_decode(half);
  if (secret) {
    add_secret(secrets, *secret);
  }
}

oidc::Error malformed(const Reply& reply, std::string_view why) {
  oidc::Error error;
  error.code = oidc::Errc::kMalformedResponse;
  error.message = fmt::format("{}: {}", reply.endpoint, why);
  error.http_status = reply.response.status;
  error.definite = false;
  return error;
}

// These tell nothing of a secret, even if a very short one occurs in them.
bool is_registered_code(std::string_view code) {
  static constexpr std::array<std::string_view, 13> kRegistered{
      "access_denied",           "authorization_pending", "expired_token",
      "invalid_client",          "invalid_grant",         "invalid_request",
      "invalid_scope",           "invalid_token",         "slow_down",
      "temporarily_unavailable", "unauthorized_client",   "unsupported_grant_type",
      "unsupported_token_type"};
  return std::find(kRegistered.begin(), kRegistered.end(), code) != kRegistered.end();
}

// Why a member is no error code (RFC 6749 §5.2: printable ASCII without '"' and '\'), for a message; "" if it is one.
std::string_view fault_of_code(const std::optional<std::string>& code, const std::vector<std::string>& secrets) {
  const auto is_permitted = [](char c) { return is_printable(c) && c != '"' && c != '\\'; };
  if (!code) {
    return "is not a string";
  }
  if (code->empty()) {
    return "is empty";
  }
  if (code->size() > kMaxErrorCode) {
    return "is too long";
  }
  if (!std::all_of(code->begin(), code->end(), is_permitted)) {
    return "has characters that no code may have";
  }
  return contains_any(*code, secrets) && !is_registered_code(*code) ? "repeats a secret of the request" : "";
}

oidc::Errc to_errc(std::string_view code) {
  if (code == "invalid_grant") {
    return oidc::Errc::kInvalidGrant;
  }
  if (code == "access_denied") {
    return oidc::Errc::kAccessDenied;
  }
  if (code == "expired_token") {
    return oidc::Errc::kDeviceCodeExpired;
  }
  return oidc::Errc::kOAuthError;
}

// 0 unless the reply is one that Retry-After belongs to: whoever sends next must wait that long.
oidc::Duration asked_wait(const Reply& reply) {
  const bool throttled = is_throttled(reply.response, reply.received);
  return throttled ? retry_after(reply.response, reply.received).value_or(oidc::Duration::zero())
                   : oidc::Duration::zero();
}

oidc::Error payload_error(const Reply& reply, const oidc::Json& payload) {
  const auto member = payload.find("error");
  const bool standard = member != payload.end() && !member->is_null();
  const std::optional<std::string> told = oidc::string_member(payload, standard ? "error" : "errorCode");
  if (const std::string_view fault = fault_of_code(told, reply.secrets); !fault.empty()) {
    return malformed(reply, fmt::format("the reply tells an error, but its code {}", fault));
  }
  const std::string& code = *told;
  const std::string description = printable(
      oidc::string_member(payload, standard ? "error_description" : "errorSummary").value_or(""), reply.secrets);
  oidc::Error error;
  error.code = to_errc(code);
  if (error.code == oidc::Errc::kOAuthError && is_throttled(reply.response, reply.received)) {
    error.code = oidc::Errc::kRateLimited;
  }
  error.message = description.empty() ? fmt::format("{}: {}", reply.endpoint, code)
                                      : fmt::format("{}: {} ({})", reply.endpoint, code, description);
  error.oauth_error = code;
  error.http_status = reply.response.status;
  error.retry_after = asked_wait(reply);
  error.definite = reply.response.status < kServerErrors;
  return error;
}

oidc::Error status_error(const Reply& reply) {
  const int status = reply.response.status;
  oidc::Error error;
  error.message = fmt::format("{}: HTTP {}", reply.endpoint, status);
  error.http_status = status;
  error.retry_after = asked_wait(reply);
  if (is_throttled(reply.response, reply.received)) {
    error.code = oidc::Errc::kRateLimited;
  } else if (status >= kServerErrors) {
    error.code = oidc::Errc::kServerError;
    error.definite = false;  // a gateway may have lost the reply to a request that was processed
  } else {
    error.code = oidc::Errc::kServer;
  }
  return error;
}

}  // namespace

std::vector<std::string> secrets_of(const oidc::HttpRequest& request) {
  static constexpr std::array<std::string_view, 9> kSecretFields{"client_secret", "code",          "refresh_token",
                                                                 "device_code",   "code_verifier", "client_assertion",
                                                                 "password",      "token",         "access_token"};
  std::vector<std::string> secrets;
  const oidc::Result<oidc::Form> form = oidc::parse_form(request.body);
  for (const std::string_view field : kSecretFields) {
    if (form) {
      add_secret(secrets, form->value_or_empty(field));
    }
  }
  add_authorization(secrets, request.headers.get("Authorization").value_or(""));
  return secrets;
}

bool is_json_type(const oidc::Headers& headers) {
  constexpr std::string_view kSuffix = "+json";
  const std::string type = oidc::media_type(headers);
  return type == "application/json" ||
         (type.size() > kSuffix.size() && type.compare(type.size() - kSuffix.size(), kSuffix.size(), kSuffix) == 0);
}

std::string printable(std::string_view text, const std::vector<std::string>& secrets) {
  std::string clean;
  for (const char c : text) {
    if (is_printable(c)) {
      clean += c;
    }
  }
  if (contains_any(text, secrets) || contains_any(clean, secrets)) {
    return {};
  }
  clean.resize(std::min(clean.size(), kMaxDescription));
  return clean;
}

std::optional<oidc::Json> error_payload(const oidc::HttpResponse& response) {
  if (!is_json_type(response.headers)) {
    return std::nullopt;
  }
  oidc::Result<oidc::Json> body = oidc::parse_json(response.body);
  if (!body || !body->is_object()) {
    return std::nullopt;
  }
  for (const char* name : {"error", "errorCode"}) {
    const auto member = body->find(name);
    if (member != body->end() && !member->is_null()) {
      return std::move(*body);
    }
  }
  return std::nullopt;
}

oidc::Status check_success(const Reply& reply) {
  const std::optional<oidc::Json> payload = error_payload(reply.response);
  if (payload) {
    return payload_error(reply, *payload);
  }
  if (reply.response.status < 200 || reply.response.status > 299) {
    return status_error(reply);
  }
  return oidc::Done{};
}

oidc::Result<oidc::Json> read_json(const Reply& reply) {
  const oidc::Status success = check_success(reply);
  if (!success) {
    return success.error();
  }
  if (!is_json_type(reply.response.headers)) {
    return malformed(reply, "the content type is not JSON");
  }
  oidc::Result<oidc::Json> body = oidc::parse_json(reply.response.body);
  if (!body) {
    return malformed(reply, "the body is not valid JSON");
  }
  if (!body->is_object() || body->empty()) {
    return malformed(reply, "the body is not a JSON object with members");
  }
  return body;
}

}  // namespace authcore
