#pragma once

#include "authcore/environment.hpp"
#include "client/client_config.hpp"
#include "client/discovery.hpp"
#include "client/token_checks.hpp"
#include "client/token_endpoint.hpp"
#include "http/policy.hpp"

namespace authcore {

/// What a flow works with: the parts of one client, which owns them all. Not movable: the
/// parts refer to each other.
struct ClientContext {
  ClientContext(ClientConfig parsed, Environment outside);
  ClientContext(const ClientContext&) = delete;
  ClientContext& operator=(const ClientContext&) = delete;

  ClientConfig config;
  Environment environment;
  ClientIdentity identity;
  HttpPolicy http;
  Discovery discovery;
  TokenEndpoint tokens;
  TokenChecks checks;
  std::unique_ptr<ClientAuthentication> authentication;
  std::unique_ptr<ClientAuthentication> login_authentication;  ///< of the flow's own token request
};

}  // namespace authcore
