#pragma once

#include "oidc/result.hpp"
#include "scenarios/adapter.hpp"

namespace scenarios {

/// auth-core's error in the words of docs/adapters.md. auth-core says that a claim is missing or
/// wrong, not which: that is seen in the token among the call's arguments.
Err to_err(const oidc::Error& error, const oidc::Json& args);

}  // namespace scenarios
