#include "config/readers.hpp"
#include "oidc/jwk.hpp"

namespace mockserver {

// One that is malformed, or that no algorithm here takes, would never verify anything.
oidc::Result<std::vector<oidc::Jwk>> read_keys(const oidc::Json& jwks, const std::string& pointer) {
  std::vector<oidc::Jwk> keys;
  for (const auto& json : jwks["keys"]) {
    const std::string place = pointer + "/keys/" + std::to_string(keys.size());
    auto key = oidc::parse_jwk(json);
    if (!key) {
      return bad_input(place, key.error().message);
    }
    if (const auto usable = oidc::to_public_key(*key); !usable) {
      return bad_input(place, usable.error().message);
    }
    keys.push_back(*std::move(key));
  }
  return keys;
}

}  // namespace mockserver
