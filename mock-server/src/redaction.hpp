#pragma once

#include <cstddef>

#include "call.hpp"
#include "mockserver/journal.hpp"
#include "oidc/http.hpp"

namespace mockserver {

/// What the journal keeps of a finished call. Secrets appear by lineage name or, if the issuer
/// never issued them, as "fp:<fingerprint>". `offset` is the arrival since the issuer's creation.
Exchange describe(const Call& call, const oidc::HttpResponse& reply, std::size_t seq, oidc::Duration offset);

}  // namespace mockserver
