#include "flows/flow.hpp"

namespace authcore {
namespace {

oidc::Error no_device_flow() {
  return {oidc::Errc::kUnsupportedByClient, "this client type has no device login"};
}

}  // namespace

oidc::Result<DeviceAuthorization> Flow::device_initiate(const LoginOptions& /*options*/) {
  return no_device_flow();
}

oidc::Result<Credential> Flow::device_complete(const DeviceAuthorization& /*authorization*/) {
  return no_device_flow();
}

}  // namespace authcore
