#include "mockserver/direct_transport.hpp"

#include <utility>

#include "oidc/url.hpp"
#include "server/wire_plan.hpp"
#include "traffic.hpp"

namespace mockserver {
namespace {

oidc::Error lost(oidc::Errc code, std::string message) {
  oidc::Error error{code, std::move(message)};
  error.definite = false;
  return error;
}

/// How long the reply takes from its first byte to its last.
oidc::Duration trickling_time(const Reply& reply, bool head) {
  const Trickle& trickle = reply.delivery.trickle;
  if (trickle.bytes == 0) {
    return {};
  }
  const RequestLine line{.version = 11, .head = head, .keep_alive = true};
  const std::size_t bytes = plan_reply(to_wire(reply.response, line), reply.delivery.fault).bytes.size();
  const std::size_t pauses = bytes == 0 ? 0 : (bytes - 1) / trickle.bytes;
  return trickle.every * static_cast<oidc::Duration::rep>(pauses);
}

oidc::Result<oidc::HttpResponse> arrive(Reply reply) {
  switch (reply.delivery.fault) {
    case Fault::kNone:
      return std::move(reply.response);
    case Fault::kReset:
    case Fault::kEmpty:
      return lost(oidc::Errc::kNetwork, "the connection was closed before the reply");
    case Fault::kBadChunk:
      return lost(oidc::Errc::kNetwork, "the reply is not HTTP");
    case Fault::kHang:
      return lost(oidc::Errc::kTimeout, "the server did not answer in time");
    case Fault::kResetAfterHeaders:
    case Fault::kResetMidBody:
    case Fault::kTruncate:
      break;
  }
  return lost(oidc::Errc::kNetwork, "the connection was closed in the middle of the reply");
}

}  // namespace

oidc::Result<oidc::HttpResponse> DirectTransport::send(const oidc::HttpRequest& request) {
  const auto url = oidc::parse_url(request.url);
  if (!url) {
    return url.error();
  }
  if (url->origin() == second_origin_) {
    return issuers_.refuse_stray(request).response;
  }
  if (url->origin() != issuers_.origin()) {
    return oidc::Error{oidc::Errc::kConnectFailed, "nobody answers at " + url->origin()};
  }
  if (const auto connected = connect(); !connected) {
    return connected.error();
  }
  Reply reply = issuers_.handle(request);
  const auto issuer = issuers_.route(url->path);  // what waits may need it, also once it is removed
  await_release(reply.delivery, clock_, {});
  disturb(reply.delivery);
  clock_.sleep_for(reply.delivery.fault == Fault::kHang ? kPatience : trickling_time(reply, request.method == "HEAD"));
  return arrive(std::move(reply));
}

/// Every request after a disturbance is one on a new connection.
oidc::Status DirectTransport::connect() {
  const std::scoped_lock lock{mutex_};
  if (clock_.steady_now() < down_until_) {
    return oidc::Error{oidc::Errc::kConnectFailed, "the connection was refused"};
  }
  switch (std::exchange(handshake_, TlsFault::kNone)) {
    case TlsFault::kAbort:
      return oidc::Error{oidc::Errc::kConnectFailed, "the connection broke during the TLS handshake"};
    case TlsFault::kExpired:
    case TlsFault::kWrongName:
    case TlsFault::kUntrusted:
      return oidc::Error{oidc::Errc::kTls, "the server's certificate is not trusted for this host"};
    case TlsFault::kNone:
    case TlsFault::kSwap:
      break;
  }
  return oidc::Done{};
}

void DirectTransport::disturb(const Delivery& delivery) {
  const std::scoped_lock lock{mutex_};
  if (delivery.refuse > oidc::Duration::zero()) {
    down_until_ = clock_.steady_now() + delivery.refuse;
  }
  if (delivery.tls != TlsFault::kNone) {
    handshake_ = delivery.tls;
  }
}

}  // namespace mockserver
