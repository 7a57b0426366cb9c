#pragma once

#include <optional>
#include <string_view>

#include "oidc/clock.hpp"
#include "oidc/json.hpp"

namespace mockserver::control {

/// What a time in a request may look like, for problems.
inline constexpr std::string_view kTimeForms =
    "an ISO 8601 time with its zone (\"2030-01-01T00:00:00Z\"), or epoch seconds";

/// RFC 3339: "2030-01-01T00:00:00Z", with an optional fraction and with an offset for Z.
/// Years 1970 to 9999. Nothing for anything else.
std::optional<oidc::TimePoint> parse_iso8601(std::string_view text);

/// An ISO 8601 string or a number of seconds since the epoch.
std::optional<oidc::TimePoint> read_time(const oidc::Json& json);

/// Seconds, with up to three decimals, as a duration. `json` is a number that a schema has bounded.
oidc::Duration read_seconds(const oidc::Json& json);

}  // namespace mockserver::control
