#include "script/facts.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace expire {

bool expire_access(Call& call) {
  bool found = false;
  for (const auto& value : presented_tokens(call)) {
    if (const auto grant = call.world.tokens.grant_of(value)) {
      call.world.tokens.expire_access_of(*grant, call.now);
      found = true;
    }
  }
  return found;
}

bool expire_presented(Call& call) {
  bool found = false;
  for (const auto& value : presented_tokens(call)) {
    found = call.world.tokens.expire(value, call.now) || found;
  }
  return found;
}

bool expire_grant(Call& call) {
  const auto grant = presented_grant(call);
  return grant && call.world.tokens.expire_all(call.now, *grant) > 0;
}

bool expire_everything(Call& call) {
  const std::size_t tokens = call.world.tokens.expire_all(call.now);
  return tokens + call.world.codes.expire_all(call.now) + call.world.devices.expire_all(call.now) > 0;
}

bool before(const oidc::Json& value, Call& call) {
  if (value == "access") {
    return expire_access(call);
  }
  if (value == "refresh") {
    return expire_presented(call);
  }
  if (value == "code") {
    return call.world.codes.expire(call.form.value_or_empty("code"), call.now);
  }
  if (value == "grant") {
    return expire_grant(call);
  }
  return value == "all" ? expire_everything(call)
                        : call.world.devices.expire_device_code(call.form.value_or_empty("device_code"), call.now);
}

}  // namespace expire
}  // namespace

extern const Verb kExpireVerb{.name = "expire", .before = &expire::before};

}  // namespace mockserver
