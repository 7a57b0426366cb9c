#pragma once

#include <string>
#include <string_view>

#include "call.hpp"
#include "oidc/clock.hpp"
#include "oidc/json.hpp"
#include "stores/token_store.hpp"
#include "world.hpp"

/// Claims that the configuration writes with {{placeholders}} (`ClaimTemplates`).
namespace mockserver {

/// Adds the claims of `templates` to `claims`, each placeholder replaced. A string that is nothing but one placeholder
/// takes its value as it is: {{now}} is a number then, and a claim whose {{request.NAME}} the request didn't have is
/// left out. In other places it is empty text.
void add_templates(World& world, const oidc::Json& templates, const Grant& grant, oidc::TimePoint now,
                   oidc::Json& claims);

/// Keeps the parameters of this request that the templates name (and no others) with the grant that it led to, and in
/// `copy` if there is one.
void keep_parameters(const Call& call, GrantId id, Grant* copy = nullptr);

/// The placeholder that no request could ever fill, if the templates have one: "{{clinet.id}}"; "" if all are known.
std::string unknown_placeholder(const oidc::Json& templates);

}  // namespace mockserver
