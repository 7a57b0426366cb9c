#pragma once

#include <string>
#include <string_view>
#include <vector>

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
/// As `expanded` with those, and with any of them for a placeholder that stands for nothing.
oidc::Json expanded_in_general(const oidc::Json& json);

/// "issuer", "origin", "second_origin".
std::vector<std::string> placeholder_names();
/// The names in a text's "${…}" that are none of them. As to the issuer, only lower-case words are names.
std::vector<std::string> unknown_placeholders(std::string_view text);

}  // namespace scenarios
