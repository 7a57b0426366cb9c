#include "endpoints/endpoint.hpp"
#include "reply.hpp"

namespace mockserver {
namespace {

// The verification page. Nobody logs in here: the control API or the configuration decides.
oidc::HttpResponse process(Call&) {
  return page_reply(200, "Device", "The decision on this device is made through the control API.");
}

}  // namespace

extern const Endpoint kDevicePageEndpoint{
    .name = "device_page",
    .path = "/device",
    .methods = "GET",
    .no_store = true,
    .cors = false,
    .process = &process,
    .refuse = &refuse_as_redirect,
};

}  // namespace mockserver
