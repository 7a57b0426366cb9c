#pragma once

#include <string>

#include "oidc/json.hpp"

namespace scenarios {

/// The addresses of one scenario's world. Scenarios write them as "${issuer}", "${origin}", "${second_origin}".
struct Places {
  std::string issuer;         ///< "https://issuer.test/op-1f2e3d4c"
  std::string origin;         ///< "https://issuer.test"
  std::string second_origin;  ///< where nobody of the scenario lives: what comes there is seen
};

/// `json` with the placeholders in its strings replaced; what is none of the three is left as it is.
oidc::Json expanded(const oidc::Json& json, const Places& places);

/// Places that stand for any, to check a scenario before there is a world.
Places places_in_general();

}  // namespace scenarios
