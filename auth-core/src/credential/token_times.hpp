#pragma once

#include <optional>
#include <string>

#include "oidc/clock.hpp"
#include "oidc/json.hpp"

namespace authcore {

/// The number of seconds that `value` means: a number or a numeric string, rounded down and clamped to
/// what a `TimePoint` of this era can hold (years 1970 to 9999). nullopt for anything else (W-14).
std::optional<std::chrono::seconds> lenient_seconds(const oidc::Json& value);

/// `lenient_seconds` of the member of that name.
std::optional<std::chrono::seconds> seconds_member(const oidc::Json& object, std::string_view name);

/// The claims of a JWT, read without verifying it, for its times only (CRED-013). A token that
/// is no JWT has none: an empty object.
oidc::Json claims_if_jwt(const std::string& token);

}  // namespace authcore
