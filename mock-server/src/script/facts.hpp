#pragma once

#include <optional>
#include <string>
#include <vector>

#include "call.hpp"
#include "mockserver/script.hpp"

namespace mockserver {

/// What the steps see of a request. Points into `call`.
RequestFacts facts_of(const Call& call);

/// Notes the parameters, the grant and the client that a request claims, as far as they can be read, for the
/// steps that are looked for before it is checked. The checks replace them by what is so.
void glance_at(Call& call);

/// Tokens that the request shows, under whatever name.
std::vector<std::string> presented_tokens(const Call& call);

/// The grant that a presented token or code belongs to, live or not.
std::optional<GrantId> presented_grant(const Call& call);

}  // namespace mockserver
