#include "mockserver/serving.hpp"

#include "oidc/url.hpp"

namespace mockserver {

Handler issuer_handler(const Issuers& issuers) {
  return [&issuers](const oidc::HttpRequest& request) -> ServedReply {
    const auto url = oidc::parse_url(request.url);
    const auto issuer = url ? issuers.route(url->path) : nullptr;
    if (!issuer) {
      return {.reply = issuers.handle(request)};
    }
    return {.reply = issuer->handle(request), .clock = &issuer->clock(), .keep_alive = issuer};
  };
}

Handler control_handler(Control& control) {
  return [&control](const oidc::HttpRequest& request) { return control.handle(request); };
}

}  // namespace mockserver
