// The issuer's state, kept and brought back.

#include "control/actions.hpp"
#include "world_state.hpp"

namespace mockserver::control {
namespace {

std::string name_in(const Call& call) {
  return call.body.value("name", "snapshot");
}

}  // namespace

oidc::HttpResponse take_snapshot(Call& call) {
  const std::string name = name_in(call);
  if (name == Checkpoints::kFirst) {
    return problem_reply({.status = 409, .detail = "this is the state that the issuer began with", .pointer = "/name"});
  }
  call.issuer->checkpoint(name);
  return json_reply(201, {{"name", name}});
}

oidc::HttpResponse restore_snapshot(Call& call) {
  if (const auto restored = call.issuer->restore(name_in(call)); !restored) {
    return problem_reply({.status = 404, .detail = restored.error().message, .pointer = "/name"});
  }
  return {.status = 204, .headers = {}, .body = ""};
}

}  // namespace mockserver::control
