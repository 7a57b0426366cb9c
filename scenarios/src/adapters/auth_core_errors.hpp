#pragma once

#include "oidc/result.hpp"
#include "scenarios/adapter.hpp"

namespace scenarios {

/// auth-core's error in the words of docs/adapters.md.
Err to_err(const oidc::Error& error);

}  // namespace scenarios
