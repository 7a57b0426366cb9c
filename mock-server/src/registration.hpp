#pragma once

#include <string>

#include "call.hpp"
#include "oidc/json.hpp"
#include "oidc/result.hpp"

/// Dynamic client registration (RFC 7591) and its management (RFC 7592).
namespace mockserver {

/// Registers the client that the request's body describes and notes its id in `call`. Errors:
/// "invalid_redirect_uri", "invalid_client_metadata"; "invalid_software_statement" and the like don't occur, since
/// software statements are not taken.
oidc::Status register_client(Call& call);

/// Replaces the metadata of `call.client_id` by the request's body (RFC 7592 section 2.2); its id and secret stay.
oidc::Status update_registration(Call& call);

/// The client that was registered so. Errors: as `register_client`, if the issuer would not take it now.
oidc::Result<ClientConfig> registered_client(const Registration& registration, const IssuerConfig& config,
                                             const std::string& id, const std::string& secret);

void unregister(Call& call);

/// The client information response (RFC 7591 section 3.2.1); `url` and the client id make its configuration endpoint.
oidc::Json registration_response(const World& world, const std::string& client_id, const std::string& url);

}  // namespace mockserver
