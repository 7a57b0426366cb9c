#pragma once

#include <memory>
#include <string>

#include "client_auth/client_authentication.hpp"
#include "client_auth/private_key.hpp"
#include "oidc/clock.hpp"
#include "oidc/random.hpp"

namespace authcore {

/// A signed assertion in the body (RFC 7523 §2.2, §3; CAUTH-005 … CAUTH-008), a fresh one for each
/// request. `apply` fails with what `PrivateKey::get` fails with.
std::unique_ptr<ClientAuthentication> make_private_key_jwt(std::string client_id, std::shared_ptr<PrivateKey> key,
                                                           oidc::Clock& clock, oidc::Random& random);

/// A random UUID, version 4 (RFC 9562 §5.4).
std::string make_uuid(oidc::Random& random);

}  // namespace authcore
