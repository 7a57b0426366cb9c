#pragma once

#include <optional>

#include "call.hpp"
#include "oidc/result.hpp"

namespace mockserver {

/// Which ways of proving itself an endpoint takes from a client.
enum class ClientAuthRule {
  kRegistered,  ///< the one the client is registered with
  kAnySecret,   ///< for introspection and revocation: Basic and post alike
};

/// Finds out which client sends a form request and whether it is that client (RFC 6749
/// section 2.3), and notes it in `call`. Errors: "invalid_client"; "invalid_request" for a broken
/// Authorization header or two mechanisms at once.
oidc::Status authenticate_client(Call& call, ClientAuthRule rule);

/// Reads the form of a client's request, and authenticates the client. Errors: those of `read_form` and
/// `authenticate_client`.
oidc::Status admit_client(Call& call, ClientAuthRule rule);

/// The ways of client authentication for the metadata of an endpoint that clients authenticate at
/// (RFC 8414 section 2): "<prefix>_endpoint_auth_methods_supported" and its signing algorithms.
void describe_client_authentication(std::string_view prefix, oidc::Json& metadata);

/// The credentials of an HTTP Basic header, both halves form-decoded (RFC 6749 section 2.3.1).
struct BasicCredentials {
  std::string id;
  std::string secret;
};
/// nullopt if `authorization` isn't well-formed Basic.
std::optional<BasicCredentials> parse_basic(std::string_view authorization);

/// True if `authorization` uses `scheme`, whose case doesn't matter (RFC 9110 section 11.1).
bool has_scheme(std::string_view authorization, std::string_view scheme);
/// What follows the scheme and its blanks.
std::string_view after_scheme(std::string_view authorization);

}  // namespace mockserver
