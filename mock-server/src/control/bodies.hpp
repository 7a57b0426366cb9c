#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "control/problem.hpp"
#include "oidc/json.hpp"

/// The published schemas, and request bodies checked against them.
namespace mockserver::control {

/// The first problem of `body` with the definition of that name in control.schema.json.
std::optional<Problem> check_body(std::string_view definition, const oidc::Json& body);

/// The text of a published schema: "issuer", "step", "token" or "control"; "" for others.
std::string_view schema_text(std::string_view name);
std::vector<std::string> schema_names();

/// The endpoints that a step or a query may name, from the step schema.
const std::vector<std::string>& endpoint_names();

}  // namespace mockserver::control
