#pragma once

#include <string>

#include "oidc/json.hpp"
#include "oidc/result.hpp"

namespace authcore {

/// What is kept of `object`: all but its top-level nulls (STOR-005). Errors: `kInvalidArgument` for
/// what is not an object.
oidc::Result<oidc::Json> to_storable(const oidc::Json& object);

/// What the providers that find objects by key say of one that is not there.
oidc::Error nothing_stored(const std::string& key);

}  // namespace authcore
