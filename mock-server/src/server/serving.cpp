#include "mockserver/serving.hpp"

#include "oidc/url.hpp"

namespace mockserver {
namespace {

/// The request as it was sent to the issuers' own origin, or to the one that its client saw.
std::optional<oidc::HttpRequest> seen_from_outside(const oidc::HttpRequest& request, const oidc::Url& url,
                                                   const std::string& origin, bool trust_forwarded) {
  const auto forwarded = trust_forwarded ? forwarded_origin(request.headers, url.scheme) : std::optional<std::string>{};
  const std::string outside = forwarded.value_or(origin);
  if (outside == url.origin()) {
    return std::nullopt;
  }
  oidc::HttpRequest moved = request;
  moved.url = outside + url.target();
  return moved;
}

}  // namespace

Handler issuer_handler(const Issuers& issuers, PublicUrl where) {
  return [&issuers, where](const oidc::HttpRequest& request) -> ServedReply {
    const auto url = oidc::parse_url(request.url);
    const auto issuer = url ? issuers.route(url->path) : nullptr;
    if (!issuer) {
      return {.reply = issuers.handle(request)};
    }
    const auto moved = seen_from_outside(request, *url, issuers.origin(), where.trust_forwarded);
    return {.reply = issuer->handle(moved ? *moved : request), .clock = &issuer->clock(), .keep_alive = issuer};
  };
}

Handler stray_handler(const Issuers& issuers) {
  return
      [&issuers](const oidc::HttpRequest& request) -> ServedReply { return {.reply = issuers.refuse_stray(request)}; };
}

Handler control_handler(Control& control) {
  return [&control](const oidc::HttpRequest& request) { return control.handle(request); };
}

}  // namespace mockserver
