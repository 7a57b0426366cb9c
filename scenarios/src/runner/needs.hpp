#pragma once

#include <filesystem>
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

/// Why the scenario's time zone cannot be had here, "" if it can or there is none: a program that does not find its
/// zone takes UTC for it, and nothing would be tested.
std::string unknown_zone(const Scenario& scenario, const std::filesystem::path& zones = "/usr/share/zoneinfo");

}  // namespace scenarios
