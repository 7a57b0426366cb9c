#pragma once

#include "mockserver/script.hpp"
#include "oidc/result.hpp"

namespace mockserver {

/// Refuses a step that could never have its effect: a verb at an endpoint or grant where it does nothing, or
/// beside another that makes it impossible. Errors: `kBadInput`, the message starts with a JSON Pointer.
oidc::Status check_combinations(const Step& step);

}  // namespace mockserver
