#include <algorithm>
#include <array>

#include "grants/grant_type.hpp"

namespace mockserver {
namespace {

constexpr std::array kGrantTypes = {
    GrantType{"authorization_code", "authorization_code", &redeem_authorization_code},
    GrantType{"refresh_token", "refresh_token", &redeem_refresh_token},
    GrantType{"client_credentials", "client_credentials", &redeem_client_credentials},
    GrantType{"password", "password", &redeem_password},
    GrantType{"device_code", "urn:ietf:params:oauth:grant-type:device_code", &redeem_device_code},
};

}  // namespace

std::span<const GrantType> grant_types_table() {
  return kGrantTypes;
}

const GrantType* find_grant_type(std::string_view identifier) {
  const auto found = std::ranges::find(kGrantTypes, identifier, &GrantType::identifier);
  return found == kGrantTypes.end() ? nullptr : &*found;
}

}  // namespace mockserver
