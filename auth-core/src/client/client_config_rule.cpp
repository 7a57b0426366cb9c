#include "authcore/stored_client_config.hpp"
#include "client/client_config.hpp"
#include "client/sender_config.hpp"

namespace authcore {

ObjectRule client_config_rule() {
  ObjectRule rule = any_object_rule();
  rule.prepare = [](const oidc::Json& object, oidc::TimePoint /*as_of*/) -> oidc::Result<oidc::Json> {
    const auto type = read_client_type(object);
    if (!type) {
      return type.error();
    }
    if (const auto sender = read_sender(object, {}); !sender) {
      return sender.error();
    }
    if ((*type)->check != nullptr) {
      const auto checked = (*type)->check(object);
      return checked ? oidc::Result<oidc::Json>{object} : checked.error();
    }
    const auto config = parse_client_config(object);
    return config ? oidc::Result<oidc::Json>{object} : config.error();
  };
  return rule;
}

}  // namespace authcore
