#pragma once

#include <cstdint>

#include "mockserver/issuer.hpp"
#include "runner/places.hpp"
#include "scenarios/adapter.hpp"
#include "scenarios/scenario.hpp"

namespace scenarios {

/// The issuer of one run. Its clients have a secret that nobody has to encode, unless the scenario registers its own.
mockserver::IssuerConfig issuer_config(const Scenario& scenario, std::uint64_t seed, TimeKind time,
                                       const Places& places);

/// What the client is told, but for the files' places. Errors: `kInvalidArgument` if no client that authenticates as
/// this one can is registered there.
oidc::Result<ClientSetup> client_setup(const Scenario& scenario, const Hello& hello, const mockserver::Issuer& issuer);

}  // namespace scenarios
