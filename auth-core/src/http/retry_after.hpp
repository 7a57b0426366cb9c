#pragma once

#include <optional>
#include <string_view>

#include "oidc/clock.hpp"
#include "oidc/http.hpp"

namespace authcore {

/// An HTTP-date in any of the three forms a recipient must read: IMF-fixdate, RFC 850,
/// asctime (RFC 9110 §5.6.7). `now` settles the century of a two-digit year. nullopt for
/// anything else.
std::optional<oidc::TimePoint> parse_http_date(std::string_view text, oidc::TimePoint now);

/// The wait that Retry-After asks for (RFC 9110 §10.2.3). A date is measured against the
/// reply's own Date header, so that the clocks of client and server may differ; without one,
/// against `now`. Garbage and dates in the past count as absent: nullopt.
std::optional<oidc::Duration> retry_after(const oidc::HttpResponse& response, oidc::TimePoint now);

}  // namespace authcore
