#include <algorithm>

#include "grants/grant_type.hpp"

namespace mockserver {

// One file each.
extern const GrantType kAuthorizationCodeGrant;
extern const GrantType kClientCredentialsGrant;
extern const GrantType kDeviceCodeGrant;
extern const GrantType kJwtBearerGrant;
extern const GrantType kPasswordGrant;
extern const GrantType kRefreshTokenGrant;
extern const GrantType kTokenExchangeGrant;

namespace {

constexpr const GrantType* kGrantTypes[] = {
    &kAuthorizationCodeGrant, &kRefreshTokenGrant,  &kClientCredentialsGrant, &kPasswordGrant,
    &kDeviceCodeGrant,        &kTokenExchangeGrant, &kJwtBearerGrant,
};

}  // namespace

std::span<const GrantType* const> grant_types() {
  return kGrantTypes;
}

const GrantType* find_grant_type(std::string_view identifier) {
  const auto found = std::ranges::find(kGrantTypes, identifier, [](const auto* type) { return type->identifier; });
  return found == std::end(kGrantTypes) ? nullptr : *found;
}

}  // namespace mockserver
