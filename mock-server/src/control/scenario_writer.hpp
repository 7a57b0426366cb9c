#pragma once

#include <string>
#include <vector>

#include "mockserver/journal.hpp"
#include "oidc/json.hpp"

namespace mockserver::control {

/// A scenario file (docs/scenarios.md) that has a client do again what it did at this issuer, under the same
/// script: the operations that the requests stand for, how time moved between them, and which endpoints were
/// asked in which order. `config` is what was configured over the default issuer; its clients and passwords stay out,
/// the scenario has a client of its own. `script` is the script as the API lists it. A start for its author, who says
/// what is to be judged and why. What no operation stands for is left out.
std::string write_scenario(const std::vector<Exchange>& exchanges, const oidc::Json& config, const oidc::Json& script);

}  // namespace mockserver::control
