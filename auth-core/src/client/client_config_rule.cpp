#include "authcore/stored_client_config.hpp"
#include "client/client_config.hpp"

namespace authcore {

ObjectRule client_config_rule() {
  ObjectRule rule = any_object_rule();
  rule.prepare = [](const oidc::Json& object, oidc::TimePoint /*as_of*/) -> oidc::Result<oidc::Json> {
    const auto config = parse_client_config(object);
    if (!config) {
      return config.error();
    }
    return object;
  };
  return rule;
}

}  // namespace authcore
