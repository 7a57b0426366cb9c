#pragma once

#include <string>

#include "oidc/result.hpp"

namespace authcore {

/// Secrets travel to endpoints, so they are https; http only to a loopback host.
/// Errors: `kInvalidArgument`, the reason without the URL.
oidc::Status check_endpoint_url(const std::string& url);

}  // namespace authcore
