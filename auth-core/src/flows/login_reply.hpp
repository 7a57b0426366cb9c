#pragma once

#include <optional>
#include <string>

#include "authcore/credential.hpp"
#include "client/client_context.hpp"
#include "oidc/json.hpp"
#include "oidc/result.hpp"

namespace authcore {

/// The credential in `response`, the reply to a login that came just now: to be called before anything else
/// takes time. An ID token in it must be right, whether it was asked for or not: it is stored, and believed
/// later (W-06). Without `nonce`, any nonce is accepted. Errors: those of `TokenChecks::id_token`.
oidc::Result<Credential> accept_login(ClientContext& context, const oidc::Json& response,
                                      std::optional<std::string> nonce = {});

}  // namespace authcore
