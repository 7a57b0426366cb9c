#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace device {

bool before(const oidc::Json& value, Call& call) {
  DeviceStore& devices = call.world.devices;
  const std::string code = call.form.value_or_empty("device_code");
  if (value.is_object()) {
    return devices.keep_pending(code, value["pending"].get<std::size_t>());
  }
  if (value == "expire") {
    return devices.expire_device_code(code, call.now);
  }
  return devices.decide_device_code(code, value == "deny" ? Decision::kDeny : Decision::kApprove);
}

}  // namespace device
}  // namespace

extern const Verb kDeviceVerb{.name = "device",
                              .needs_processing = true,
                              .endpoints = "token",
                              .grants = "device_code",
                              .before = &device::before};

}  // namespace mockserver
