#pragma once

#include <string>
#include <variant>
#include <vector>

#include "control/problem.hpp"
#include "mockserver/config.hpp"
#include "mockserver/script.hpp"

namespace mockserver::control {

/// Parses steps that shall follow those of `script`, with ids that differ from theirs and
/// from each other, for an issuer of this configuration. Changes nothing. `prefix` is the pointer to `json`, an array.
std::variant<std::vector<Step>, Problem> parse_steps(const oidc::Json& json, const Script& script,
                                                     const IssuerConfig& config, const std::string& prefix);

}  // namespace mockserver::control
