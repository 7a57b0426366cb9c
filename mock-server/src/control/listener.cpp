// The calls about the issuers' server as one that fails.

#include "control/actions.hpp"
#include "server/tls_fault.hpp"

namespace mockserver::control {
namespace {

oidc::HttpResponse not_attached() {
  return problem_reply({.status = 409, .detail = "the issuers are on no server that this API knows"});
}

oidc::HttpResponse state_of(const Server& server) {
  return json_reply(200, {{"up", server.is_up()}});
}

}  // namespace

oidc::HttpResponse get_listener(Call& call) {
  return call.world.server == nullptr ? not_attached() : state_of(*call.world.server);
}

oidc::HttpResponse take_listener_down(Call& call) {
  if (call.world.server == nullptr) {
    return not_attached();
  }
  call.world.server->take_down();
  return state_of(*call.world.server);
}

oidc::HttpResponse bring_listener_up(Call& call) {
  if (call.world.server == nullptr) {
    return not_attached();
  }
  if (const auto up = call.world.server->bring_up(); !up) {
    return problem_reply({.status = 409, .detail = up.error().message});
  }
  return state_of(*call.world.server);
}

oidc::HttpResponse script_handshakes(Call& call) {
  if (call.world.server == nullptr) {
    return not_attached();
  }
  const oidc::Json times = call.body.value("times", oidc::Json(1));
  const auto scripted =
      call.world.server->script_handshakes(read_tls_fault(call.body.at("fault").get<std::string>()),
                                           times.is_string() ? std::nullopt : std::optional{times.get<std::size_t>()});
  if (!scripted) {
    return problem_reply({.status = 409, .detail = scripted.error().message, .pointer = "/fault"});
  }
  return {.status = 204, .headers = {}, .body = ""};
}

}  // namespace mockserver::control
