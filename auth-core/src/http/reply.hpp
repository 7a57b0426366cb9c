#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oidc/clock.hpp"
#include "oidc/http.hpp"
#include "oidc/json.hpp"
#include "oidc/result.hpp"

namespace authcore {

/// The secrets a request carries: credentials, codes and tokens of its form and of its
/// Authorization header, as written and decoded. What a reply quotes of them is not repeated.
std::vector<std::string> secrets_of(const oidc::HttpRequest& request);

/// A reply to judge, and what its judgement must not show.
struct Reply {
  const oidc::HttpResponse& response;
  std::string_view endpoint;  ///< for messages: "token endpoint"
  std::vector<std::string> secrets{};
  oidc::TimePoint received{};
};

/// application/json or any +json type, compared without case.
bool is_json_type(const oidc::Headers& headers);

/// Text from the server made fit for a message: printable ASCII, at most 200 characters, ""
/// if it contains one of `secrets`.
std::string printable(std::string_view text, const std::vector<std::string>& secrets);

/// The body if it is a JSON object with a non-null `error` or `errorCode`.
std::optional<oidc::Json> error_payload(const oidc::HttpResponse& response);

/// A success, whatever its content, unless it is a JSON object with an error. Errors: those of `read_json`
/// but for `kMalformedResponse`, which only an unreadable error code is.
oidc::Status check_success(const Reply& reply);

/// The JSON object of a success. Order of judgement: error payload, status, content type,
/// body (HTTP-009 … HTTP-013); also a 200 with an error payload is that error.
///
/// Errors: `kInvalidGrant`, `kAccessDenied`, `kDeviceCodeExpired`, other OAuth errors as
/// `kOAuthError`; `kRateLimited`; `kServerError` for 5xx; `kServer` for other statuses;
/// `kMalformedResponse`. A 429, 503 or 413 sets `retry_after` if it has a readable one. `definite` is false where the
/// server may have acted all the same.
oidc::Result<oidc::Json> read_json(const Reply& reply);

}  // namespace authcore
