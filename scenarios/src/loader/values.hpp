#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "oidc/clock.hpp"
#include "oidc/json.hpp"
#include "oidc/result.hpp"
#include "scenarios/scenario.hpp"

namespace scenarios {

/// 90, 0.5, -3000, "90s", "15m", "2h", "1d", "-10m". Errors: `kBadInput`.
oidc::Result<oidc::Duration> parse_duration(const oidc::Json& json);

/// 5, ">=5", "<=5", "5..6". Errors: `kBadInput`.
oidc::Result<Bounds> parse_bounds(const oidc::Json& json);
/// "5", ">=5", "<=5", "5..6": what `parse_bounds` reads.
std::string to_string(const Bounds& bounds);

/// 2.5 -> "2.5", 3000 -> "3000": as people write seconds.
std::string seconds_text(oidc::Duration duration);
std::string number_text(double number);

/// True for "at#1", "rt#12", "code#1", …: the names that the issuer's ledger gives.
bool is_lineage_name(std::string_view text);

/// The member of an object; null if there is none, or if it is no object.
const oidc::Json& member(const oidc::Json& object, std::string_view name);
/// The strings of an array; none of anything else.
std::vector<std::string> strings_of(const oidc::Json& array);

}  // namespace scenarios
