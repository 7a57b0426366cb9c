#pragma once

#include "oidc/json.hpp"
#include "stores/registry.hpp"

namespace mockserver::control {

/// [{"id", "auth", "grants", "secret"}]; the secrets only `with_secrets`, and of who has one.
oidc::Json clients_to_json(const Registry& registry, bool with_secrets);

}  // namespace mockserver::control
