#pragma once

#include "authcore/client.hpp"

namespace authcore {

struct ClientContext;

/// A way to obtain tokens. Knows no client authentication: the context has it. Thread-safe.
class Flow {
 public:
  Flow() = default;
  Flow(const Flow&) = delete;
  Flow& operator=(const Flow&) = delete;
  virtual ~Flow() = default;

  virtual oidc::Result<Credential> login(const LoginOptions& options) = 0;
  /// True if `login` needs nobody.
  virtual bool is_unattended() const { return false; }

  /// Errors: `kUnsupportedByClient`, unless this is the device flow.
  virtual oidc::Result<DeviceAuthorization> device_initiate(const LoginOptions& options);
  virtual oidc::Result<Credential> device_complete(const DeviceAuthorization& authorization);
};

}  // namespace authcore
