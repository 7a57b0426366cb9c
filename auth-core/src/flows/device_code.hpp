#pragma once

#include <memory>

#include "authcore/client.hpp"
#include "flows/flow.hpp"
#include "oidc/json.hpp"

namespace authcore {

/// The device authorization grant (RFC 8628).
std::unique_ptr<Flow> make_device_code_flow(ClientContext& context);

/// The device authorization response to a request sent at `sent_at` (RFC 8628 §3.2). Errors:
/// `kMalformedResponse` naming the member that is missing, empty or of the wrong type, and for
/// a verification URI that is not http(s) or not printable: it is shown to a person.
oidc::Result<DeviceAuthorization> parse_device_authorization(const oidc::Json& response, oidc::TimePoint sent_at);

}  // namespace authcore
