#pragma once

#include <string>

#include "scenarios/adapter.hpp"
#include "scenarios/scenario.hpp"

namespace scenarios {

/// "code", "device", "client_credentials" or "password".
std::string flow_of(const Scenario& scenario);

/// True if the scenario kills the client, or chooses what its process finds around it.
bool needs_program(const Scenario& scenario);

/// Why the scenario does not apply to this client: the first thing that it needs, says or implies, and the client
/// does not list. "" if it applies. What a single check needs is not among it.
std::string unmet_need(const Scenario& scenario, const Hello& hello);
std::string unmet_need(const Needs& needs, const Hello& hello);

}  // namespace scenarios
