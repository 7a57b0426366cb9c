#pragma once

#include "oidc/http.hpp"

namespace authcore {

/// Says in X-Planet-App which library sends, unless the request says so already (HTTP-001, RA-005). Our own
/// name: "assay-auth-core-<version>".
void add_app_header(oidc::Headers& headers);

}  // namespace authcore
