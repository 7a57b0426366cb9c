#include "endpoints/endpoint.hpp"
#include "reply.hpp"

namespace mockserver {

// The verification page. Nobody logs in here: the control API or the configuration decides.
oidc::HttpResponse device_page(Call&) {
  return page_reply(200, "Device", "The decision on this device is made through the control API.");
}

}  // namespace mockserver
