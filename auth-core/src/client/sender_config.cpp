#include "client/sender_config.hpp"

#include <utility>

#include "client/config_reader.hpp"
#include "http/header_token.hpp"

namespace authcore {

oidc::Result<Sender> read_sender(const oidc::Json& config, Sender otherwise) {
  for (const auto& [key, member] :
       {std::pair{"user_agent", &otherwise.user_agent}, std::pair{"planet_app", &otherwise.planet_app}}) {
    oidc::Result<std::string> value = read_string(config, key);
    if (!value) {
      return value.error();
    }
    if (value->empty()) {
      continue;
    }
    if (!is_header_text(*value)) {
      return config_error(key, "expected printable ASCII characters, and no space at either end");
    }
    *member = *std::move(value);
  }
  return otherwise;
}

}  // namespace authcore
